package io.myelin.admin;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A histogram of microseconds, regrouped for Prometheus. */
final class SecondsBuckets {
    /*
     * HdrHistogram counts in cells that are a per cent or ten wide. A cell goes to the bucket that its lowest value
     * belongs to, so that a value equal to a bound is counted below it, and adds its middle to the sum. Both only ever
     * grow from one scrape to the next, as counters must.
     */

    /** Upper bounds, inclusive; the last bucket takes the rest. */
    static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
    };

    private static final double MICROS_PER_SECOND = 1e6;

    private final long[] counts;
    private final double sum;

    private SecondsBuckets(long[] counts, double sum) {
        this.counts = counts;
        this.sum = sum;
    }

    static SecondsBuckets of(Histogram micros) {
        long[] counts = new long[BOUNDS.length];
        double sumMicros = 0;
        int bucket = 0;
        for (HistogramIterationValue cell : micros.recordedValues()) {
            long highest = cell.getValueIteratedTo();
            while (micros.lowestEquivalentValue(highest) > BOUNDS[bucket] * MICROS_PER_SECOND) {
                bucket++;
            }
            counts[bucket] += cell.getCountAtValueIteratedTo();
            sumMicros += (double) micros.medianEquivalentValue(highest) * cell.getCountAtValueIteratedTo();
        }
        return new SecondsBuckets(counts, sumMicros / MICROS_PER_SECOND);
    }

    /** Returns one count per bound, not cumulative. */
    long[] counts() {
        return counts;
    }

    long count() {
        long count = 0;
        for (long bucketCount : counts) {
            count += bucketCount;
        }
        return count;
    }

    double sum() {
        return sum;
    }
}
