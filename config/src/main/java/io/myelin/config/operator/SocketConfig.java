package io.myelin.config.operator;

import io.myelin.unix.SocketFile;

/**
 * A Unix socket that takes HAProxy's runtime commands.
 *
 * @param path absolute
 * @param access whom the file belongs to
 * @param level what may be asked there
 */
public record SocketConfig(String path, SocketFile.Access access, Level level) {
    /** What may be asked on a socket, in rising order. */
    public enum Level {
        /** Looking. */
        USER,
        /** And letting maxima begin anew. */
        OPERATOR,
        /** And changing what members do. */
        ADMIN
    }

    /** Permission bits where nothing else is said: for the user of the process only. */
    public static final int DEFAULT_MODE = 0600;

    public SocketConfig {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("socket path: " + path + " (expected: an absolute path)");
        }
    }

    /** Returns a socket for the user of the process, on which everything may be asked. */
    public static SocketConfig of(String path) {
        return new SocketConfig(path, new SocketFile.Access(DEFAULT_MODE, null, null), Level.ADMIN);
    }
}
