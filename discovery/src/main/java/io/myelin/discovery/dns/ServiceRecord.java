package io.myelin.discovery.dns;

/** The data of an SRV record (RFC 2782); of a plain name, port, priority and weight are 0. */
record ServiceRecord(String host, int port, int priority, int weight) {
    static ServiceRecord plain(String host) {
        return new ServiceRecord(host, 0, 0, 0);
    }
}
