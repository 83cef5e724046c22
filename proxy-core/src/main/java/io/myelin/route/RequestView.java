package io.myelin.route;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a condition may ask of a request, or of the response once that is all there is. The sequences are valid only
 * during the call they are passed to.
 *
 * <p>What a view cannot tell is as if the message lacked it.
 */
public interface RequestView {
    /** Returns the request's authority as the client wrote it, port included. */
    CharSequence host();

    /** Returns where the port of an authority begins, its colon included. */
    static int endOfName(CharSequence host) {
        int end = host.length();
        for (int i = end - 1; i >= 0 && host.charAt(i) != ']'; i--) {
            if (host.charAt(i) == ':') {
                return i;
            }
        }
        return end;
    }

    /** Returns the path of the request target, without the query. */
    CharSequence path();

    CharSequence method();

    /** Returns what follows the question mark of the request target. */
    default CharSequence query() {
        return "";
    }

    /** Returns path and query as they are written. */
    default CharSequence target() {
        return path();
    }

    /**
     * Returns the first field after {@code previous} that bears {@code name} in any case, for {@link #value}; -1 if
     * there is none.
     *
     * @param previous a field, or -1 to begin with the first one
     */
    default int field(String name, int previous) {
        return -1;
    }

    /** Returns the whole value of a header field. */
    default CharSequence value(int field) {
        return "";
    }

    /** Returns the client's address, {@code null} if it does not come by IP. */
    default @Nullable InetAddress source() {
        return null;
    }

    /** Returns the client's port, 0 if it has none. */
    default int sourcePort() {
        return 0;
    }

    /** Returns the address that the client connected to, {@code null} if that is not one of IP. */
    default @Nullable InetAddress destination() {
        return null;
    }

    /** Returns the port that the client connected to, 0 if it has none. */
    default int destinationPort() {
        return 0;
    }

    /** Returns whether the client speaks TLS. */
    default boolean encrypted() {
        return false;
    }

    /** Returns what the client agreed on in its handshake, {@code null} if it speaks plain text. */
    default @Nullable TlsView tls() {
        return null;
    }

    /** Returns the status of the response, 0 while there is none. */
    default int status() {
        return 0;
    }
}
