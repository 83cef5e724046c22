package io.myelin.discovery.polling;

import java.time.Duration;

/**
 * When a registry is asked.
 *
 * @param interval the pause after an answer; it is shortened by chance, by a tenth at most
 * @param firstPause the pause after a failure; it doubles with each further one
 * @param longestPause the longest of those
 */
public record Pace(Duration interval, Duration firstPause, Duration longestPause) {
    private static final Duration SOON = Duration.ofSeconds(1);

    public Pace {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("check_interval: " + interval + " (expected: more than 0)");
        }
    }

    /** Returns a pace that tries a failing registry soon again, and never less often than one that answers. */
    public static Pace eager(Duration interval) {
        return new Pace(interval, SOON, interval);
    }

    /** Returns a pace that spares a failing registry: up to {@code times} the interval between questions. */
    public static Pace sparing(Duration interval, int times) {
        return new Pace(interval, interval, interval.multipliedBy(times));
    }
}
