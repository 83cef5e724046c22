package io.myelin.balance;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one event loop expects an answer of one member to take. Written by that loop only; read by any. */
final class LatencyEstimate {
    /*
     * A moving average that rises at once and falls slowly (the Peak EWMA of Finagle). An answer slower than the
     * estimate becomes the estimate; a quicker one pulls it down by 1 - e^(-t/τ), t being the time since the answer
     * before. While nothing is heard of a member its estimate falls by e^(-t/τ), so that it is tried again some day.
     *
     * A failure counts as an answer that took a penalty, averaged in like a quick one: the estimate of a member that
     * fails a part p of its requests tends to its latency plus p penalties, however quickly it fails. It is not a peak,
     * since one failure in a thousand says little.
     *
     * Value and moment are two plain numbers: a reader that catches one of them new and the other old is off by the
     * decay between two answers.
     */
    static final long DECAY_NANOS = 10_000_000_000L;
    static final long FAILURE_PENALTY_NANOS = 5_000_000_000L;

    /** Time for which the decay is less than a thousandth, which is not worth an exponential. */
    private static final long NEGLIGIBLE_NANOS = 10_000_000;

    private static final int VALUE = 0;
    private static final int MOMENT = 1;
    private static final long UNKNOWN = -1;

    private final AtomicLongArray state = new AtomicLongArray(new long[] {UNKNOWN, 0});

    /** Takes in an answer after {@code nanos}. Owner only. */
    void onResponse(long nanos, long nowNanos) {
        long value = state.getPlain(VALUE);
        set(nanos >= value ? nanos : average(value, nanos, nowNanos), nowNanos);
    }

    /** Takes in a failure after {@code nanos}. Owner only. */
    void onFailure(long nanos, long nowNanos) {
        long value = state.getPlain(VALUE);
        long penalty = Math.max(nanos, FAILURE_PENALTY_NANOS);
        set(value == UNKNOWN ? penalty : average(Math.max(value, nanos), penalty, nowNanos), nowNanos);
    }

    /** Returns the estimate as of {@code nowNanos}, negative if nothing was ever heard; any thread. */
    double read(long nowNanos) {
        long value = state.getOpaque(VALUE);
        long silent = nowNanos - state.getOpaque(MOMENT);
        return value == UNKNOWN || silent < NEGLIGIBLE_NANOS ? value : value * decay(silent);
    }

    private long average(long value, long sample, long nowNanos) {
        double kept = decay(Math.max(0, nowNanos - state.getPlain(MOMENT)));
        return Math.max(0, Math.round(value * kept + sample * (1 - kept)));
    }

    private void set(long value, long nowNanos) {
        state.setOpaque(VALUE, value);
        state.setOpaque(MOMENT, nowNanos);
    }

    private static double decay(long nanos) {
        return Math.exp(-(double) nanos / DECAY_NANOS);
    }
}
