package io.myelin.balance;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one event loop expects a good answer of one member to take. Written by that loop only; read by any. */
final class LatencyEstimate {
    /*
     * Latency is a moving average that rises at once and falls slowly (the Peak EWMA of Finagle). An answer slower than
     * the average becomes the average; a quicker one pulls it down by 1 - e^(-t/τ), t being the time since the last one.
     *
     * Beside it stands the share of failures among the latest answers, an average over about sixteen of them: one
     * failure says little (a half, if it is the first answer), sixteen in a row say all, however fast they came. With
     * latency L, share f and penalty P, a good answer is expected to take (L + fP)/(1 - f)². The penalty makes up for
     * failures that are quicker than answers; the divisor for a member that fails quickly having nothing in flight,
     * which would make it look idle.
     *
     * While nothing is heard of a member both fall by e^(-t/τ), so that it is tried again some day.
     *
     * A reader may catch some of the numbers new and others old: it is off by what one answer changes.
     */
    private static final long DECAY_NANOS = 10_000_000_000L;
    private static final long FAILURE_PENALTY_NANOS = 5_000_000_000L;
    private static final int ANSWERS_AVERAGED = 16;
    private static final double LEAST_SUCCESS = 0.01;

    /** Time for which the decay is less than a thousandth, which is not worth an exponential. */
    private static final long NEGLIGIBLE_NANOS = 10_000_000;

    private static final int LATENCY = 0;
    private static final int FAILURE_PARTS = 1;
    private static final int MOMENT = 2;
    private static final long UNKNOWN = -1;

    /** One whole, in the unit of {@link #FAILURE_PARTS}. */
    private static final long WHOLE = 1L << 30;

    private final AtomicLongArray state = new AtomicLongArray(new long[] {UNKNOWN, 0, 0});

    /** Takes in an answer after {@code nanos}. Owner only. */
    void onResponse(long nanos, long nowNanos) {
        double kept = decay(nowNanos - state.getPlain(MOMENT));
        long latency = state.getPlain(LATENCY);
        long average = nanos >= latency ? nanos : Math.round(latency * kept + nanos * (1 - kept));
        set(average, failures(kept, 0), nowNanos);
    }

    /** Takes in a failure after {@code nanos}. Owner only. */
    void onFailure(long nanos, long nowNanos) {
        double kept = decay(nowNanos - state.getPlain(MOMENT));
        set(Math.max(nanos, state.getPlain(LATENCY)), failures(kept, WHOLE), nowNanos);
    }

    /** Returns the nanoseconds expected as of {@code nowNanos}, negative if nothing was ever heard; any thread. */
    double read(long nowNanos) {
        long latency = state.getOpaque(LATENCY);
        if (latency == UNKNOWN) {
            return UNKNOWN;
        }
        double kept = decay(nowNanos - state.getOpaque(MOMENT));
        double failing = kept * state.getOpaque(FAILURE_PARTS) / WHOLE;
        double succeeding = Math.max(LEAST_SUCCESS, 1 - failing);
        return (latency * kept + failing * FAILURE_PENALTY_NANOS) / (succeeding * succeeding);
    }

    private long failures(double kept, long parts) {
        if (state.getPlain(LATENCY) == UNKNOWN) {
            return parts / 2;
        }
        double before = state.getPlain(FAILURE_PARTS) * kept;
        return Math.round(before + (parts - before) / ANSWERS_AVERAGED);
    }

    private void set(long latency, long failureParts, long nowNanos) {
        state.setOpaque(LATENCY, latency);
        state.setOpaque(FAILURE_PARTS, failureParts);
        state.setOpaque(MOMENT, nowNanos);
    }

    /** Returns how much counts of what was known {@code nanos} ago. */
    private static double decay(long nanos) {
        return nanos < NEGLIGIBLE_NANOS
                ? 1 - (double) Math.max(0, nanos) / DECAY_NANOS
                : Math.exp(-(double) nanos / DECAY_NANOS);
    }
}
