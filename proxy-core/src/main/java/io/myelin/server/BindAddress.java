package io.myelin.server;

/**
 * Where a listener listens.
 *
 * @param host an IP literal, a host name, or {@code *} for every interface
 * @param port 0..65535, 0 for one that the system chooses
 */
public record BindAddress(String host, int port) {
    public BindAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("bind address is blank (expected: an address or a host name)");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
