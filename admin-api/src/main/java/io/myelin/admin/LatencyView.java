package io.myelin.admin;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** How long things took since the start, in milliseconds, as JSON; without a value as long as nothing was measured. */
record LatencyView(
        long count,
        @Nullable Double mean,
        @Nullable Double p50,
        @Nullable Double p90,
        @Nullable Double p99,
        @Nullable Double p999,
        @Nullable Double max) {
    /** Returns the view of a histogram of microseconds. */
    static LatencyView of(Histogram micros) {
        if (micros.getTotalCount() == 0) {
            return new LatencyView(0, null, null, null, null, null, null);
        }
        return new LatencyView(
                micros.getTotalCount(),
                Math.round(micros.getMean()) / 1e3,
                percentile(micros, 50),
                percentile(micros, 90),
                percentile(micros, 99),
                percentile(micros, 99.9),
                micros.getMaxValue() / 1e3);
    }

    private static double percentile(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }
}
