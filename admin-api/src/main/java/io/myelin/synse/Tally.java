package io.myelin.synse;

import io.myelin.admin.MetricText;
import io.myelin.health.plugin.CallCount;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How many there were of one kind, how long they took, and how many bytes they had. Any thread. */
final class Tally {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongAdder count = new LongAdder();
    private final DoubleAdder seconds = new DoubleAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    /** One for each bound of {@link CallCount#BOUNDS}, and one for what took longer. */
    private final List<LongAdder> buckets =
            Stream.generate(LongAdder::new).limit(CallCount.BOUNDS.size() + 1).toList();

    void took(long nanos) {
        double took = nanos / NANOS_PER_SECOND;
        count.increment();
        seconds.add(took);
        int bucket = 0;
        while (bucket < CallCount.BOUNDS.size() && took > CallCount.BOUNDS.get(bucket)) {
            bucket++;
        }
        buckets.get(bucket).increment();
    }

    void received(long bytes) {
        received.add(bytes);
    }

    void sent(long bytes) {
        sent.add(bytes);
    }

    long count() {
        return count.sum();
    }

    long receivedBytes() {
        return received.sum();
    }

    long sentBytes() {
        return sent.sum();
    }

    /** Writes the series of a histogram with {@code labels}. */
    void write(MetricText text, Labels labels) {
        long below = 0;
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            below += buckets.get(bucket).sum();
            labels.write(text.suffixed("_bucket")).label("le", bound(bucket)).value(below);
        }
        labels.write(text.suffixed("_count")).value(below);
        labels.write(text.suffixed("_sum")).value(seconds.sum());
    }

    /** Returns how the bound of a bucket is written. */
    static String bound(int bucket) {
        return bucket < CallCount.BOUNDS.size() ? CallCount.BOUNDS.get(bucket).toString() : "+Inf";
    }

    /** Writes the labels that all series of one kind have. */
    @FunctionalInterface
    interface Labels {
        MetricText write(MetricText text);
    }
}
