package io.myelin.benchmarks.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a load measured.
 *
 * @param requests replies that were received whole while it was measured
 * @param errors refused, broken or unsuccessful requests
 * @param latencyNanos from the moment a request was due to the end of its reply
 * @param cpuPerRequest microseconds of the observed processes, {@link CpuTime#NONE} if none was observed
 */
public record LoadResult(long requests, long errors, double seconds, Histogram latencyNanos, CpuTime cpuPerRequest) {
    /** The columns of {@link #toTsv}. */
    public static final String TSV_HEADER =
            "requests\tseconds\terrors\tp50_us\tp99_us\tp999_us\tmax_us\tuser_us\tsystem_us";

    public double perSecond() {
        return requests / seconds;
    }

    public double percentileMicros(double percentile) {
        return latencyNanos.getValueAtPercentile(percentile) / 1e3;
    }

    public double userMicros() {
        return cpuPerRequest.userMicros();
    }

    public double systemMicros() {
        return cpuPerRequest.systemMicros();
    }

    /** Returns one line for programs. */
    public String toTsv() {
        return String.format(
                Locale.ROOT,
                "%d\t%.3f\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.3f\t%.3f",
                requests,
                seconds,
                errors,
                percentileMicros(50),
                percentileMicros(99),
                percentileMicros(99.9),
                percentileMicros(100),
                userMicros(),
                systemMicros());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.0f/s, %d errors, p50 %.0f us, p99 %.0f us, p99.9 %.0f us, max %.0f us, CPU per request %.2f + %.2f us",
                perSecond(),
                errors,
                percentileMicros(50),
                percentileMicros(99),
                percentileMicros(99.9),
                percentileMicros(100),
                userMicros(),
                systemMicros());
    }
}
