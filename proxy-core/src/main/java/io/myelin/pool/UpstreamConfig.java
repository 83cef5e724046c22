package io.myelin.pool;

import java.time.Duration;

/**
 * How the proxy talks to the members of one pool. {@link Duration#ZERO} means no limit wherever a time is asked for.
 *
 * @param connectTimeout how long a connection may take to stand
 * @param serverTimeout how long a member may stay silent while a request or tunnel waits for it
 * @param keepAliveTimeout how long a connection may sit unused before it is closed; shorter than the members' own limit
 * @param maxIdlePerLoop how many unused connections each event loop keeps to one member, at least 0; below what is in
 *     flight at busy moments, connections are closed and opened all the time, which costs more than keeping them
 * @param retries how many further attempts a failed connection gets, at least 0
 * @param redispatch whether a further attempt goes to another member at once, instead of to the same one after a second
 */
public record UpstreamConfig(
        Duration connectTimeout,
        Duration serverTimeout,
        Duration keepAliveTimeout,
        int maxIdlePerLoop,
        int retries,
        boolean redispatch) {
    /** The defaults of a natively configured service. */
    public static final UpstreamConfig DEFAULT =
            new UpstreamConfig(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(30), 4_096, 3, true);

    public UpstreamConfig {
        requireNotNegative("connect_timeout", connectTimeout);
        requireNotNegative("server_timeout", serverTimeout);
        requireNotNegative("keep_alive_timeout", keepAliveTimeout);
        if (maxIdlePerLoop < 0) {
            throw new IllegalArgumentException("max_idle: " + maxIdlePerLoop + " (expected: >= 0)");
        }
        if (retries < 0) {
            throw new IllegalArgumentException("retries: " + retries + " (expected: >= 0)");
        }
    }

    private static void requireNotNegative(String key, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: >= 0)");
        }
    }
}
