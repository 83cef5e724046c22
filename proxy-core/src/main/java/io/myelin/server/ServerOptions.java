package io.myelin.server;

/**
 * What is decided once, at the start of the process.
 *
 * @param loops how many event loops carry traffic, at least 1
 * @param transport how sockets are driven
 */
public record ServerOptions(int loops, Transport transport) {
    /** How sockets are driven. */
    public enum Transport {
        /** The best that this machine has. */
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    public ServerOptions {
        if (loops < 1) {
            throw new IllegalArgumentException("loops: " + loops + " (expected: >= 1)");
        }
    }

    /** One loop per core, on the best transport. */
    public static ServerOptions automatic() {
        return new ServerOptions(Runtime.getRuntime().availableProcessors(), Transport.AUTO);
    }
}
