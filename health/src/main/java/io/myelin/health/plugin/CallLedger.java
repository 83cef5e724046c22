package io.myelin.health.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls by method and plugin. Safe from any thread. */
final class CallLedger {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<Subject, Row> rows = new ConcurrentHashMap<>();

    private record Subject(String plugin, String method) {}

    /** Returns where calls of {@code method} on {@code plugin} are counted. */
    Row row(String method, String plugin, boolean streaming) {
        return rows.computeIfAbsent(new Subject(plugin, method), subject -> new Row(streaming));
    }

    /** Forgets what was counted of {@code plugin}. */
    void forget(String plugin) {
        rows.keySet().removeIf(subject -> subject.plugin().equals(plugin));
    }

    /** Counts what was counted of {@code plugin} as that of {@code other}. */
    void rename(String plugin, String other) {
        if (plugin.equals(other)) {
            return;
        }
        rows.forEach((subject, row) -> {
            if (subject.plugin().equals(plugin)) {
                row(subject.method(), other, row.streaming).add(row);
            }
        });
        forget(plugin);
    }

    List<CallCount> counts() {
        List<CallCount> all = new ArrayList<>();
        rows.forEach((subject, row) -> all.add(row.count(subject)));
        return all;
    }

    /** The counts of one method of one plugin. */
    static final class Row {
        private final boolean streaming;
        private final LongAdder sent = new LongAdder();
        private final LongAdder received = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final AtomicLongArray buckets = new AtomicLongArray(CallCount.BOUNDS.size() + 1);

        private Row(boolean streaming) {
            this.streaming = streaming;
        }

        void sent() {
            sent.increment();
        }

        void received() {
            received.increment();
        }

        void took(long duration) {
            nanos.add(duration);
            double seconds = duration / NANOS_PER_SECOND;
            int bucket = 0;
            while (bucket < CallCount.BOUNDS.size() && seconds > CallCount.BOUNDS.get(bucket)) {
                bucket++;
            }
            buckets.incrementAndGet(bucket);
        }

        private void add(Row other) {
            sent.add(other.sent.sum());
            received.add(other.received.sum());
            nanos.add(other.nanos.sum());
            for (int i = 0; i < buckets.length(); i++) {
                buckets.addAndGet(i, other.buckets.get(i));
            }
        }

        private CallCount count(Subject subject) {
            List<Long> cumulative = new ArrayList<>();
            long sum = 0;
            for (int i = 0; i < buckets.length(); i++) {
                sum += buckets.get(i);
                cumulative.add(sum);
            }
            return new CallCount(
                    subject.method(),
                    subject.plugin(),
                    streaming,
                    sent.sum(),
                    received.sum(),
                    nanos.sum() / NANOS_PER_SECOND,
                    cumulative);
        }
    }
}
