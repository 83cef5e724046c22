package io.myelin.balance;

import io.myelin.metrics.Counters;
import io.myelin.metrics.Latency;

/**
 * What one event loop does with one member. Written by that loop only.
 *
 * @param counters requests, connections, failures and the in-flight gauge
 * @param latency from the request to the end of the response, for HTTP; length of the tunnel, for TCP
 */
public record MemberLoad(Counters<MemberCounter> counters, Latency latency) {
    MemberLoad() {
        this(new Counters<>(MemberCounter.class), Latency.coarse());
    }
}
