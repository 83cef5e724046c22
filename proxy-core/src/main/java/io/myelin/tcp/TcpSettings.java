package io.myelin.tcp;

import io.myelin.log.AccessLog;
import io.myelin.pool.Pool;
import io.myelin.pool.UpstreamConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a TCP listener wants of its tunnels.
 *
 * @param pool where they go
 * @param clientTimeoutNanos how long a client may stay silent, 0 for no limit
 * @param accessLog where tunnels are logged, {@code null} for nowhere
 */
public record TcpSettings(
        Pool pool, long clientTimeoutNanos, @Nullable AccessLog accessLog) {
    /** Returns after how long a silent tunnel ends: the shorter of the two sides' limits, 0 if neither has one. */
    long idleLimitNanos(UpstreamConfig upstream) {
        long serverTimeoutNanos = upstream.serverTimeout().toNanos();
        if (clientTimeoutNanos == 0 || serverTimeoutNanos == 0) {
            return Math.max(clientTimeoutNanos, serverTimeoutNanos);
        }
        return Math.min(clientTimeoutNanos, serverTimeoutNanos);
    }
}
