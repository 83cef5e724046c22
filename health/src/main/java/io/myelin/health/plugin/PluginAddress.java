package io.myelin.health.plugin;

/**
 * Where a plugin listens, in the one form that is compared.
 *
 * @param protocol what is spoken below gRPC
 * @param text {@code host:port}, or {@code unix:} and an absolute path
 */
public record PluginAddress(Protocol protocol, String text) {
    /** Where a socket lies that is named without a path. */
    public static final String SOCKET_DIRECTORY = "/tmp/synse/";

    private static final String UNIX = "unix:";

    /** What is spoken below gRPC. */
    public enum Protocol {
        TCP,
        UNIX
    }

    /** Returns {@code hostAndPort} as an address. */
    public static PluginAddress tcp(String hostAndPort) {
        return new PluginAddress(Protocol.TCP, hostAndPort);
    }

    /** Returns the socket {@code name}, which is in {@link #SOCKET_DIRECTORY} unless it is an absolute path. */
    public static PluginAddress unix(String name) {
        String path = name.startsWith(UNIX) ? name.substring(UNIX.length()) : name;
        return new PluginAddress(Protocol.UNIX, UNIX + (path.startsWith("/") ? path : SOCKET_DIRECTORY + path));
    }
}
