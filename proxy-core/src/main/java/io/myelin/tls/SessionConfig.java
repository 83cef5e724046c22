package io.myelin.tls;

import java.time.Duration;

/**
 * How clients that come again are spared a full handshake.
 *
 * @param tickets whether clients keep their sessions themselves, encrypted with keys that only this listener has and
 *     that are replaced once in a {@code lifetime}
 * @param lifetime how long a session may be resumed, at least one second
 * @param cache how many sessions of clients that take no tickets are kept here, for each certificate; 0 for none
 */
public record SessionConfig(boolean tickets, Duration lifetime, int cache) {
    public static final SessionConfig DEFAULT = new SessionConfig(true, Duration.ofHours(1), 20_000);

    public SessionConfig {
        if (lifetime.toSeconds() < 1 || lifetime.toSeconds() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: >= 1s)");
        }
        if (cache < 0) {
            throw new IllegalArgumentException("cache: " + cache + " (expected: >= 0)");
        }
    }
}
