package io.myelin.benchmarks.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What is offered to whom, and for how long.
 *
 * @param reconnect whether every request has a connection of its own
 * @param warmUp how long the load runs before anything counts
 */
record LoadPlan(
        InetSocketAddress address,
        Dialogue dialogue,
        Pacing pacing,
        int connections,
        boolean reconnect,
        Duration warmUp,
        Duration duration) {
    LoadPlan {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("duration: " + duration + " (expected: > 0)");
        }
    }
}
