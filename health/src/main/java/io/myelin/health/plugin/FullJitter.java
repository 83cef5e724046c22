package io.myelin.health.plugin;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.time.Duration;

/**
 * The waits between attempts to reach a plugin, as in Synse Server: anything from nothing up to a limit that doubles
 * from 2 s to 512 s, so that plugins that went away together are not asked together.
 */
@OwnedBy(Owner.PLUGINS)
final class FullJitter {
    private static final int MAX_DOUBLINGS = 9;
    private static final long BASE_MILLIS = 1_000;

    private final RandomSource random;
    private int failures;

    FullJitter(RandomSource random) {
        this.random = random;
    }

    /** Returns how long to wait after one more failed attempt. */
    Duration next() {
        failures = Math.min(failures + 1, MAX_DOUBLINGS);
        int limitMillis = Math.toIntExact(BASE_MILLIS << failures);
        return Duration.ofMillis(random.below(limitMillis + 1));
    }
}
