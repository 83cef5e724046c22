package io.myelin.metrics;

import org.HdrHistogram.Histogram;

/**
 * A latency histogram with a single writer, the owning event loop.
 *
 * <p>Readers add it to a sum of their own with {@link #addTo}. They may miss values that are being recorded at that
 * moment; they never see a wrong bucket, because the array of counts has its full length from the start.
 */
public final class Latency {
    /** The largest value that is told apart, ten minutes; longer ones count as this. */
    public static final long MAX_NANOS = 600_000_000_000L;

    private final Histogram histogram;
    private final long unitNanos;

    private Latency(long unitNanos, int digits) {
        this.unitNanos = unitNanos;
        this.histogram = emptyHistogram(unitNanos, digits);
    }

    /** Returns a histogram of microseconds that is exact to one per cent. */
    public static Latency fine() {
        return new Latency(1_000, 2);
    }

    /** Returns a histogram of microseconds that is exact to ten per cent: an eighth of the memory. */
    public static Latency coarse() {
        return new Latency(1_000, 1);
    }

    /** Returns a histogram to sum {@link #fine} ones into. */
    public static Histogram fineSum() {
        return emptyHistogram(1_000, 2);
    }

    /** Returns a histogram to sum {@link #coarse} ones into. */
    public static Histogram coarseSum() {
        return emptyHistogram(1_000, 1);
    }

    /** Records one value. Owner only. */
    public void record(long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, MAX_NANOS)) / unitNanos);
    }

    /** Adds what was recorded so far to {@code sum}, in microseconds; any thread. */
    public void addTo(Histogram sum) {
        sum.add(histogram);
    }

    private static Histogram emptyHistogram(long unitNanos, int digits) {
        return new Histogram(1, MAX_NANOS / unitNanos, digits);
    }
}
