package io.myelin.discovery.zookeeper;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** The totals over all ensembles of a provider; the threads of several ensembles write, any thread reads. */
final class ZooKeeperCounts {
    private final ConcurrentMap<ZooKeeperCount, LongAdder> totals = new ConcurrentHashMap<>();

    void increment(ZooKeeperCount count) {
        totals.computeIfAbsent(count, first -> new LongAdder()).increment();
    }

    long read(ZooKeeperCount count) {
        LongAdder total = totals.get(count);
        return total == null ? 0 : total.sum();
    }

    Map<String, Long> byMetric() {
        Map<String, Long> counts = new TreeMap<>();
        for (ZooKeeperCount count : ZooKeeperCount.values()) {
            counts.put(count.metric(), read(count));
        }
        return counts;
    }
}
