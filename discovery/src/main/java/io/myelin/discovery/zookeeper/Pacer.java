package io.myelin.discovery.zookeeper;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.time.Duration;

/**
 * Decides when changes are read: the first at once, and what follows within a window of it together, at a random moment
 * between one and two windows after it. So there is at most one round of reading per window, and hosts that learn of
 * one change together do not read the next ones together.
 */
@OwnedBy(Owner.REGISTRY)
final class Pacer {
    /*
     * Synapse's discovery_jitter: an event within the jitter of the last round waits for the whole jitter, which makes
     * one to two of them between rounds there too, yet at the same moment on every host.
     */
    private final long windowNanos;
    private final Clock clock;
    private final RandomSource random;
    private boolean begun;
    private long beganNanos;

    Pacer(Duration window, Clock clock, RandomSource random) {
        this.windowNanos = window.toNanos();
        this.clock = clock;
        this.random = random;
    }

    /** Returns how long the next round has to wait, zero if it may begin now. */
    Duration untilNext() {
        if (!begun || windowNanos == 0) {
            return Duration.ZERO;
        }
        long elapsed = clock.nanoTime() - beganNanos;
        if (elapsed >= windowNanos) {
            return Duration.ZERO;
        }
        long spreadMillis = Duration.ofNanos(windowNanos).toMillis();
        return Duration.ofNanos(windowNanos - elapsed).plusMillis(random.below((int) spreadMillis + 1));
    }

    /** Notes that a round begins. */
    void begin() {
        begun = true;
        beganNanos = clock.nanoTime();
    }
}
