package io.myelin.statsd;

import io.myelin.config.operator.StatsdConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.io.Closeable;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Events and values as lines of DogStatsD: {@code name:value|type|@rate|#tag:value,tag:value}. Of a metric with a
 * sample rate, that part of the events is sent.
 */
@OwnedBy(Owner.TOOLS)
final class MetricLines implements Closeable {
    private static final int RESOLUTION = 1_000_000;

    private final Datagrams datagrams;
    private final Map<String, Double> sampleRates;
    private final RandomSource random;

    MetricLines(StatsdConfig config, RandomSource random) {
        this.datagrams = new Datagrams(config.host(), config.port());
        this.sampleRates = config.sampleRates();
        this.random = random;
    }

    void count(String name, long events, Map<String, String> tags) {
        send(name, events, "c", tags);
    }

    void millis(String name, long millis, Map<String, String> tags) {
        send(name, millis, "ms", tags);
    }

    void gauge(String name, long value, Map<String, String> tags) {
        send(name, value, "g", tags);
    }

    void flush() {
        datagrams.flush();
    }

    @Override
    public void close() {
        flush();
        datagrams.close();
    }

    private void send(String name, long value, String type, Map<String, String> tags) {
        double rate = sampleRates.getOrDefault(name, 1.0);
        if (random.below(RESOLUTION) >= rate * RESOLUTION) {
            return;
        }
        StringBuilder line =
                new StringBuilder(name).append(':').append(value).append('|').append(type);
        if (rate < 1) {
            line.append("|@").append(String.format(Locale.ROOT, "%s", rate));
        }
        if (!tags.isEmpty()) {
            StringJoiner list = new StringJoiner(",", "|#", "");
            new TreeMap<>(tags).forEach((tag, text) -> list.add(tag + ":" + clean(text)));
            line.append(list);
        }
        datagrams.add(line.toString());
    }

    /** Returns a tag's value without what would end it. */
    private static String clean(String text) {
        return text.replaceAll("[,|#\\s\\p{Cntrl}]", "_");
    }
}
