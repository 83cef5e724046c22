package io.myelin.discovery.polling;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.time.Duration;

/** Pauses between failing attempts: they double, and many that fail together do not try again together. */
@OwnedBy(Owner.REGISTRY)
public final class BackOff {
    private static final int MAX_DOUBLINGS = 16;
    /** A pause is this part of what is due at least. */
    private static final int LEAST_PERCENT = 75;

    private final Duration first;
    private final Duration longest;
    private final RandomSource random;
    private int failures;

    /** Creates pauses from {@code first} to {@code longest}, each shortened by up to a quarter. */
    public BackOff(Duration first, Duration longest, RandomSource random) {
        this.first = first.compareTo(longest) < 0 ? first : longest;
        this.longest = longest;
        this.random = random;
    }

    /** Returns how long to wait after one more failure. */
    public Duration next() {
        Duration due = first.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
        Duration bounded = due.compareTo(longest) < 0 ? due : longest;
        return spread(bounded, LEAST_PERCENT, random);
    }

    /** Begins anew after a success. */
    public void reset() {
        failures = 0;
    }

    /** Returns {@code due}, shortened by chance to no less than {@code leastPercent} of it. */
    public static Duration spread(Duration due, int leastPercent, RandomSource random) {
        return due.multipliedBy(leastPercent + random.below(101 - leastPercent)).dividedBy(100);
    }
}
