package io.myelin.httpd;

import java.time.Duration;

/**
 * What one client of an operators' listener may take.
 *
 * @param connections how many may be open at once; further ones are closed when they arrive
 * @param requestTimeout from the first byte of a request to its answer, so that a trickling client holds nothing
 * @param idleTimeout how long a kept-alive connection may stay silent
 * @param bodyBytes the largest request body
 */
public record ClientLimits(int connections, Duration requestTimeout, Duration idleTimeout, int bodyBytes) {
    public static final ClientLimits DEFAULT =
            new ClientLimits(128, Duration.ofSeconds(10), Duration.ofSeconds(60), 65_536);
}
