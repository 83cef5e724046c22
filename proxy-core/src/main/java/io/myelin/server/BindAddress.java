package io.myelin.server;

/**
 * Where a listener listens.
 *
 * @param host an IP literal, a host name, {@code *} for every interface, or the path of a Unix socket, which begins
 *     with a slash
 * @param port 0..65535, 0 for one that the system chooses and for a Unix socket
 * @param options how it listens there
 */
public record BindAddress(String host, int port, BindOptions options) {
    public BindAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("bind address is blank (expected: an address or a host name)");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
        if (host.startsWith("/") && port != 0) {
            throw new IllegalArgumentException("port: " + port + " (expected: none, for a Unix socket)");
        }
    }

    public BindAddress(String host, int port) {
        this(host, port, BindOptions.DEFAULT);
    }

    /** Returns the Unix socket at {@code path}, which begins with a slash. */
    public static BindAddress ofUnix(String path) {
        return new BindAddress(path, 0);
    }

    /** Returns whether it is a Unix socket, whose path is the host. */
    public boolean unix() {
        return host.startsWith("/");
    }

    /** Returns the same address with other options. */
    public BindAddress with(BindOptions newOptions) {
        return new BindAddress(host, port, newOptions);
    }

    /** Returns the address with the port that the system chose. */
    public BindAddress at(int boundPort) {
        return unix() ? this : new BindAddress(host, boundPort, options);
    }

    /** Returns {@code host:port}, with brackets around an IPv6 literal, or the path of the Unix socket. */
    @Override
    public String toString() {
        if (unix()) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
