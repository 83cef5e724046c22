package io.myelin.tcp;

import io.myelin.access.AccessRules;
import io.myelin.log.AccessLog;
import io.myelin.pool.Pool;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a TCP listener wants of its tunnels.
 *
 * @param pool where they go
 * @param clientTimeoutNanos how long a client may stay silent, 0 for no limit
 * @param access which clients are served, and after which delay; {@code null} for all of them at once
 * @param accessLog where tunnels are logged, {@code null} for nowhere
 */
public record TcpSettings(
        Pool pool,
        long clientTimeoutNanos,
        @Nullable AccessRules access,
        @Nullable AccessLog accessLog) {
    /** Returns the same settings for tunnels to {@code other}. */
    public TcpSettings to(Pool other) {
        return new TcpSettings(other, clientTimeoutNanos, access, accessLog);
    }

    /**
     * Returns after how long a silent tunnel ends: the pool's limit for tunnels, else the shorter of the two sides'
     * limits, 0 if there is none.
     */
    long idleLimitNanos(UpstreamConfig upstream) {
        Duration tunnelTimeout = upstream.tunnelTimeout();
        if (tunnelTimeout != null) {
            return tunnelTimeout.toNanos();
        }
        long serverTimeoutNanos = upstream.serverTimeout().toNanos();
        if (clientTimeoutNanos == 0 || serverTimeoutNanos == 0) {
            return Math.max(clientTimeoutNanos, serverTimeoutNanos);
        }
        return Math.min(clientTimeoutNanos, serverTimeoutNanos);
    }
}
