package io.myelin.admin;

import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * The series of one name, which stand together in an exposition.
 *
 * @param <S> what the series are about
 * @param name with its unit; that of a counter ends in {@code _total}
 * @param series writes those of one subject
 */
public record Family<S>(String name, Kind kind, String help, BiConsumer<S, MetricText> series) {
    /** What the numbers of a family mean. */
    public enum Kind {
        COUNTER,
        GAUGE,
        /** Counts of values below bounds, their number and their sum. */
        HISTOGRAM,
        /** A count and a sum, without quantiles, which could not be added up across processes. */
        SUMMARY;

        /** Returns the word of both formats. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static <S> Family<S> counter(String name, String help, BiConsumer<S, MetricText> series) {
        return new Family<>(name, Kind.COUNTER, help, series);
    }

    public static <S> Family<S> gauge(String name, String help, BiConsumer<S, MetricText> series) {
        return new Family<>(name, Kind.GAUGE, help, series);
    }

    public static <S> Family<S> histogram(String name, String help, BiConsumer<S, MetricText> series) {
        return new Family<>(name, Kind.HISTOGRAM, help, series);
    }

    public static <S> Family<S> summary(String name, String help, BiConsumer<S, MetricText> series) {
        return new Family<>(name, Kind.SUMMARY, help, series);
    }
}
