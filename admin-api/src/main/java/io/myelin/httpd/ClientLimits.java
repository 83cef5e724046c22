package io.myelin.httpd;

import java.time.Duration;

/**
 * What one client of an operators' listener may take.
 *
 * @param connections how many may be open at once; further ones are closed when they arrive
 * @param requestTimeout from the first byte of a request to its answer, so that a trickling client holds nothing
 * @param idleTimeout how long a kept-alive connection may stay silent
 * @param bodyBytes the largest request body
 * @param longAnswers how many answers that do not fit into one piece may be sent at once
 */
public record ClientLimits(
        int connections, Duration requestTimeout, Duration idleTimeout, int bodyBytes, int longAnswers) {
    /** Enough for a few collectors of metrics and the people beside them. */
    private static final int DEFAULT_LONG_ANSWERS = 16;

    public static final ClientLimits DEFAULT =
            new ClientLimits(128, Duration.ofSeconds(10), Duration.ofSeconds(60), 65_536);

    /** Creates limits for operators, of whom there are few. */
    public ClientLimits(int connections, Duration requestTimeout, Duration idleTimeout, int bodyBytes) {
        this(connections, requestTimeout, idleTimeout, bodyBytes, DEFAULT_LONG_ANSWERS);
    }
}
