package io.myelin.synse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.health.plugin.Device;
import io.myelin.model.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which device a write went to, for as long as it is remembered. Any thread. */
final class TransactionCache {
    /** Beyond this the oldest are forgotten before their time. */
    static final int MOST = 10_000;

    private final long ttlNanos;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** A write whose time ends when the clock says so. */
    private record Entry(Device device, long endNanos) {}

    TransactionCache(Duration ttl, Clock clock) {
        this.ttlNanos = ttl.toNanos();
        this.clock = clock;
    }

    void put(String transaction, Device device) {
        lock.lock();
        try {
            // To its end, so that entries stay in the order in which they end.
            entries.remove(transaction);
            entries.put(transaction, new Entry(device, clock.nanoTime() + ttlNanos));
            forget();
        } finally {
            lock.unlock();
        }
    }

    /** Returns where the write went, {@code null} if that is not known any more. */
    @Nullable
    Device device(String transaction) {
        lock.lock();
        try {
            forget();
            Entry entry = entries.get(transaction);
            return entry == null ? null : entry.device();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the ids of all writes that are remembered, sorted. */
    List<String> ids() {
        lock.lock();
        try {
            forget();
            return entries.keySet().stream().sorted().toList();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void forget() {
        long nowNanos = clock.nanoTime();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            boolean over = oldest.next().endNanos() - nowNanos <= 0;
            if (!over && entries.size() <= MOST) {
                return;
            }
            oldest.remove();
        }
    }
}
