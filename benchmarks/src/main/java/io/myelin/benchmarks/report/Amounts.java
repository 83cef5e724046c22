package io.myelin.benchmarks.report;

import java.time.Duration;
import java.util.Locale;

/** Times and sizes as the tables of commands show them. */
public final class Amounts {
    private static final double BYTES_PER_MB = 1e6;

    private Amounts() {}

    public static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
    }

    public static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / BYTES_PER_MB);
    }
}
