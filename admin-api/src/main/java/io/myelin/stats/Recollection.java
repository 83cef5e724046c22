package io.myelin.stats;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What earlier looks at the counters showed: maxima, rates, and the values from which operators had counting begin
 * anew. Safe from any thread.
 */
final class Recollection {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Map<Row.Key, Trace> traces = new HashMap<>();

    @GuardedBy("lock")
    private Map<Row.Key, Map<Column, Long>> baselines = new HashMap<>();

    /** What is remembered of one row; guarded by the lock of the recollection. */
    @OwnedBy(Owner.SERIAL)
    private static final class Trace {
        private long most;
        private long lastTotal;
        private long lastNanos;
        private long rate;
        private long mostRate;
        private boolean measured;
        /** When a look last found more than the one before, if any did. */
        private long busyNanos;

        private boolean busy;

        void take(long current, long total, long nowNanos) {
            most = Math.max(most, current);
            if (measured && total != lastTotal) {
                busyNanos = nowNanos;
                busy = true;
            }
            if (measured && nowNanos > lastNanos) {
                rate = Math.round((total - lastTotal) * 1e9 / (nowNanos - lastNanos));
                mostRate = Math.max(mostRate, rate);
            }
            measured = true;
            lastTotal = total;
            lastNanos = nowNanos;
        }
    }

    /** One look at all rows, which takes the place of the last one when it is over. */
    final class Look {
        private final long nowNanos;
        private final Map<Row.Key, Trace> seen = new HashMap<>();

        private Look(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        /** Takes what is in progress and what there was in all. */
        void take(Row.Key key, long current, long total) {
            lock.lock();
            try {
                Trace trace = traces.getOrDefault(key, new Trace());
                trace.take(current, total, nowNanos);
                seen.put(key, trace);
            } finally {
                lock.unlock();
            }
        }

        /** Forgets the rows that were not there. */
        void end() {
            lock.lock();
            try {
                traces = seen;
                baselines.keySet().retainAll(seen.keySet());
            } finally {
                lock.unlock();
            }
        }
    }

    Look begin(long nowNanos) {
        return new Look(nowNanos);
    }

    /** Adds maxima and rates to {@code row} and takes off what was counted before counting began anew. */
    void complete(Row row, long nowNanos) {
        Long current = row.number(Column.SCUR);
        long now = current == null ? 0 : current;
        lock.lock();
        try {
            Trace trace = traces.get(row.key());
            row.number(Column.SMAX, trace == null ? now : Math.max(now, trace.most));
            row.number(Column.RATE, trace == null ? 0 : trace.rate);
            row.number(Column.RATE_MAX, trace == null ? 0 : trace.mostRate);
            if (row.key().type() == Row.Type.FRONTEND) {
                row.numbers(trace == null ? 0 : trace.rate, Column.CONN_RATE);
                row.numbers(trace == null ? 0 : trace.mostRate, Column.CONN_RATE_MAX);
            } else {
                long idleNanos = trace != null && trace.busy ? nowNanos - trace.busyNanos : -NANOS_PER_SECOND;
                row.number(Column.LASTSESS, idleNanos / NANOS_PER_SECOND);
            }
            Map<Column, Long> baseline = baselines.get(row.key());
            if (baseline != null) {
                row.numbers().replaceAll((column, value) -> value - baseline.getOrDefault(column, 0L));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets maxima begin anew. */
    void forgetMaxima() {
        lock.lock();
        try {
            for (Trace trace : traces.values()) {
                trace.most = 0;
                trace.mostRate = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets counting begin anew with what {@code rows}, which nothing was taken off, show. */
    void begin(Iterator<Row> rows) {
        Map<Row.Key, Map<Column, Long>> next = new HashMap<>();
        while (rows.hasNext()) {
            Row row = rows.next();
            Map<Column, Long> totals = new EnumMap<>(Column.class);
            row.numbers().forEach((column, value) -> {
                if (column.isTotal()) {
                    totals.put(column, value);
                }
            });
            next.put(row.key(), totals);
        }
        lock.lock();
        try {
            baselines = next;
        } finally {
            lock.unlock();
        }
    }
}
