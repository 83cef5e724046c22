package io.myelin.log;

/**
 * Where lines go.
 *
 * @param kind what it is
 * @param path of the file or socket, or the address to send to; empty for the standard streams
 * @param port to send to, 0 except for {@link Kind#UDP}
 * @param envelope what stands around a line
 * @param rollBytes beyond which size a file is put aside and a new one begun; 0 for never
 * @param keptFiles how many files that were put aside are kept, at least 1
 */
public record Destination(Kind kind, String path, int port, Envelope envelope, long rollBytes, int keptFiles) {
    public static final Destination STDOUT = new Destination(Kind.STDOUT, "", 0, Envelope.NONE, 0, 1);

    /** What a line is written to. */
    public enum Kind {
        STDOUT,
        STDERR,
        FILE,
        /** A syslog server, one datagram a line. */
        UDP,
        /** A datagram socket of the file system, such as {@code /dev/log}. */
        SOCKET
    }

    public Destination {
        if (keptFiles < 1) {
            throw new IllegalArgumentException("keep: " + keptFiles + " (expected: >= 1)");
        }
        if (rollBytes < 0) {
            throw new IllegalArgumentException("max_size: " + rollBytes + " (expected: >= 0)");
        }
    }

    /** Returns the same destination with lines in another envelope. */
    public Destination in(Envelope newEnvelope) {
        return new Destination(kind, path, port, newEnvelope, rollBytes, keptFiles);
    }

    /** Returns such as {@code stdout}, {@code /var/log/access.log} or {@code syslog 127.0.0.1:514}. */
    @Override
    public String toString() {
        return switch (kind) {
            case STDOUT -> "stdout";
            case STDERR -> "stderr";
            case FILE -> path;
            case UDP -> "syslog " + (path.indexOf(':') >= 0 ? "[" + path + "]" : path) + ":" + port;
            case SOCKET -> "syslog " + path;
        };
    }
}
