package io.myelin.pool;

import io.myelin.model.HealthVerdict;
import java.time.Duration;

/**
 * When members take work, and how soon all of it.
 *
 * @param slowStart how long a member that is new in a running pool, or has come back, takes less than its share;
 *     {@link Duration#ZERO} for its full share at once
 * @param aggression how fast the share grows at first: 1 in proportion to time, more the faster; at least 1
 * @param panicPercent if fewer than this share of members pass their health checks, health is ignored: those that are
 *     left would not survive the work of all. 0 to never do so, at most 100
 * @param provenOnly whether a new member takes no work before it has passed, as with readiness probes; otherwise it
 *     counts as up until a check fails, as in HAProxy
 */
public record Admission(Duration slowStart, double aggression, int panicPercent, boolean provenOnly) {
    /** A full share at once, and health is never ignored, as in HAProxy. */
    public static final Admission DEFAULT = new Admission(Duration.ZERO, 1, 0);

    /** The first share of a member that starts slowly, and the step in which it grows. */
    private static final int STEP_PERCENT = 10;

    /** New members count as up. */
    public Admission(Duration slowStart, double aggression, int panicPercent) {
        this(slowStart, aggression, panicPercent, false);
    }

    public Admission {
        if (slowStart.isNegative()) {
            throw new IllegalArgumentException("slow_start: " + slowStart + " (expected: >= 0)");
        }
        if (!(aggression >= 1)) {
            throw new IllegalArgumentException("slow_start_aggression: " + aggression + " (expected: >= 1)");
        }
        if (panicPercent < 0 || panicPercent > 100) {
            throw new IllegalArgumentException("panic_percent: " + panicPercent + " (expected: 0..100)");
        }
    }

    /** Returns the same for members that count as up only once they have passed. */
    public Admission proven() {
        return new Admission(slowStart, aggression, panicPercent, true);
    }

    /** Returns what is thought of a new member. */
    HealthVerdict firstVerdict() {
        return provenOnly ? HealthVerdict.UNPROVEN : HealthVerdict.UNCHECKED;
    }

    /** Returns the share of its weight that a member takes {@code nanos} after it started, 10..100 in tens. */
    int percentAfter(long nanos) {
        long window = slowStart.toNanos();
        if (nanos >= window) {
            return 100;
        }
        double share = Math.pow((double) nanos / window, 1 / aggression);
        return Math.max(STEP_PERCENT, (int) (share * 100) / STEP_PERCENT * STEP_PERCENT);
    }

    /** Returns whether so few of {@code members} pass that all of them are used. */
    boolean panics(int passing, int members) {
        return (long) passing * 100 < (long) panicPercent * members;
    }
}
