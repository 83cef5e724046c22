package io.myelin.balance;

import io.myelin.metrics.Counters;
import io.myelin.metrics.Latency;

/**
 * What one event loop does with one member. Written by that loop only.
 *
 * @param counters requests, connections, failures and the in-flight gauge
 * @param latency from the request to the end of the response, for HTTP; length of the tunnel, for TCP
 * @param estimate what a good answer is expected to take
 */
public record MemberLoad(Counters<MemberCounter> counters, Latency latency, LatencyEstimate estimate) {
    MemberLoad() {
        this(new Counters<>(MemberCounter.class), Latency.coarse(), new LatencyEstimate());
    }
}
