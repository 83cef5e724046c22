package io.myelin.benchmarks.load;

/** The loads that {@code bench} offers, each on the service that {@link #service} names. */
@SuppressWarnings("ImmutableEnumChecker") // the bytes of a dialogue are shared and never changed
public enum Workload {
    /** Kept connections, 13 bytes. */
    SMALL(Service.HTTP, Dialogue.http("/small", 0, false, false), 64, false),
    /** Kept connections, about 700 bytes of header fields. */
    HEADERS(Service.HTTP, Dialogue.http("/small", 0, true, false), 64, false),
    /** Kept connections, 64 KiB bodies. */
    BODY64K(Service.HTTP, Dialogue.http("/64k", 0, false, false), 64, false),
    /** Kept connections, 1 MiB bodies. */
    BODY1M(Service.HTTP, Dialogue.http("/1m", 0, false, false), 8, false),
    /** Kept connections, requests with a body of 16 KiB. */
    POST16K(Service.HTTP, Dialogue.http("/small", 16 << 10, false, false), 64, false),
    /** An HTTP connection per request. */
    CLOSE(Service.HTTP, Dialogue.http("/small", 0, false, true), 16, true),
    /** 64 bytes there and back on kept TCP connections. */
    TCP(Service.ECHO, Dialogue.tcp(64, 64), 64, false),
    /** 1 MiB per request on kept TCP connections. */
    TCP1M(Service.BULK, Dialogue.tcp(1, BulkHandler.REPLY_BYTES), 8, false),
    /** A TCP connection for every 64 bytes there and back. */
    TCPCLOSE(Service.ECHO, Dialogue.tcp(64, 64), 16, true);

    /** What the origin offers, and the proxy in front of it. */
    enum Service {
        HTTP("http"),
        ECHO("tcp"),
        BULK("tcp");

        private final String protocol;

        Service(String protocol) {
            this.protocol = protocol;
        }

        String protocol() {
            return protocol;
        }
    }

    private final Service service;
    private final Dialogue dialogue;
    private final int connections;
    private final boolean reconnect;

    Workload(Service service, Dialogue dialogue, int connections, boolean reconnect) {
        this.service = service;
        this.dialogue = dialogue;
        this.connections = connections;
        this.reconnect = reconnect;
    }

    Service service() {
        return service;
    }

    Dialogue dialogue() {
        return dialogue;
    }

    int connections() {
        return connections;
    }

    boolean reconnect() {
        return reconnect;
    }
}
