package io.myelin.pool;

import io.myelin.failure.Failure;
import io.myelin.metrics.Counters;
import io.myelin.metrics.Latency;

/**
 * What one event loop does with one pool. Written by that loop only.
 *
 * @param counters requests, responses, bytes and the in-flight gauge
 * @param failures exchanges and tunnels that failed, by reason
 * @param latency from the complete request head to the end of the response, for HTTP; length of the tunnel, for TCP
 * @param selfTime time spent inside the proxy, without waiting for a member to connect or answer
 */
public record PoolLoad(Counters<PoolCounter> counters, Counters<Failure> failures, Latency latency, Latency selfTime) {
    PoolLoad() {
        this(new Counters<>(PoolCounter.class), new Counters<>(Failure.class), Latency.fine(), Latency.fine());
    }
}
