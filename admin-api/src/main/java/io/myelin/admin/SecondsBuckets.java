package io.myelin.admin;

import java.util.Arrays;
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
    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to the bounds
    enum Scale {
        /** What a client waits for. */
        LATENCY(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        /** What the proxy itself takes: a few dozen microseconds when all is well. */
        SELF_TIME(0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1);

        private final double[] bounds;

        Scale(double... finiteBounds) {
            bounds = Arrays.copyOf(finiteBounds, finiteBounds.length + 1);
            bounds[finiteBounds.length] = Double.POSITIVE_INFINITY;
        }
    }

    private static final double MICROS_PER_SECOND = 1e6;

    private final Scale scale;
    private final long[] counts;
    private final double sum;

    private SecondsBuckets(Scale scale, long[] counts, double sum) {
        this.scale = scale;
        this.counts = counts;
        this.sum = sum;
    }

    static SecondsBuckets of(Histogram micros, Scale scale) {
        long[] counts = new long[scale.bounds.length];
        if (micros.getTotalCount() == 0) {
            return new SecondsBuckets(scale, counts, 0);
        }
        double sumMicros = 0;
        int bucket = 0;
        for (HistogramIterationValue cell : micros.recordedValues()) {
            long highest = cell.getValueIteratedTo();
            while (micros.lowestEquivalentValue(highest) > scale.bounds[bucket] * MICROS_PER_SECOND) {
                bucket++;
            }
            counts[bucket] += cell.getCountAtValueIteratedTo();
            sumMicros += (double) micros.medianEquivalentValue(highest) * cell.getCountAtValueIteratedTo();
        }
        return new SecondsBuckets(scale, counts, sumMicros / MICROS_PER_SECOND);
    }

    /** Returns how many buckets there are. */
    int length() {
        return counts.length;
    }

    /** Returns the upper bound of a bucket in seconds; infinite for the last. */
    double bound(int bucket) {
        return scale.bounds[bucket];
    }

    long countOf(int bucket) {
        return counts[bucket];
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
