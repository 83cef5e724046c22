package io.myelin.net;

import org.jspecify.annotations.Nullable;

/**
 * What the first bytes of a connection are as a PROXY protocol header.
 *
 * @param length how many bytes the header takes, 0 unless it is {@link State#COMPLETE}
 * @param ends whom it names; {@code null} if it names nobody, so that the connection's own addresses count
 * @param reason what is wrong, for people; empty unless it is {@link State#MALFORMED}
 */
public record ProxyHeader(State state, int length, @Nullable ConnectionEnds ends, String reason) {
    /** More bytes are needed to tell. */
    static final ProxyHeader INCOMPLETE = new ProxyHeader(State.INCOMPLETE, 0, null, "");

    /** What is known of a header. */
    public enum State {
        INCOMPLETE,
        COMPLETE,
        /** No further byte can make it a header. */
        MALFORMED
    }

    static ProxyHeader malformed(String reason) {
        return new ProxyHeader(State.MALFORMED, 0, null, reason);
    }

    static ProxyHeader complete(int length, @Nullable ConnectionEnds ends) {
        return new ProxyHeader(State.COMPLETE, length, ends, "");
    }
}
