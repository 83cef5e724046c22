package io.myelin.health.replica;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a replica that ended is started again. The wait doubles from one unplanned end to the next and begins anew once
 * a replica was stable.
 *
 * @param firstWait before the first restart, more than 0
 * @param longestWait which no wait exceeds
 * @param stableAfter how long a replica must be ready for its slot's wait to begin anew
 * @param maxRestarts after which a slot is given up, {@code null} for never
 */
public record RestartPolicy(
        Duration firstWait,
        Duration longestWait,
        Duration stableAfter,
        @Nullable Integer maxRestarts) {
    /** From 1 s to 5 min, as Kubernetes does from 10 s. */
    public static final RestartPolicy DEFAULT =
            new RestartPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(10), null);

    public RestartPolicy {
        if (firstWait.isZero() || firstWait.isNegative() || longestWait.compareTo(firstWait) < 0) {
            throw new IllegalArgumentException(
                    "restart waits: " + firstWait + ".." + longestWait + " (expected: > 0, the longest last)");
        }
    }
}
