package io.myelin.health;

import io.myelin.metrics.Counters;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One row of counters per event loop, for one service. Safe from any thread. */
final class ServiceCounters {
    private final List<OnLoop> rows;
    private final AtomicInteger next;

    /** Creates rows that are handed out from {@code first} on, so that many small services use all loops. */
    ServiceCounters(List<EventLoop> loops, int first) {
        next = new AtomicInteger(first);
        rows = loops.stream()
                .map(loop -> new OnLoop(loop, new Counters<>(CheckCounter.class)))
                .toList();
    }

    /** An event loop and the row that it writes. */
    record OnLoop(EventLoop loop, Counters<CheckCounter> counters) {}

    /** Returns the event loops in turn. */
    OnLoop next() {
        return rows.get(Integer.remainderUnsigned(next.getAndIncrement(), rows.size()));
    }

    long total(CheckCounter counter) {
        return rows.stream().mapToLong(row -> row.counters().read(counter)).sum();
    }
}
