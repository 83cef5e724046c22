package io.myelin.discovery.polling;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was counted about one kind of registry since the process began; any thread.
 *
 * @param <C> what is counted
 */
public final class Totals<C extends Enum<C>> {
    private final String prefix;
    private final Map<C, LongAdder> totals;

    /** Creates totals of zero; {@code prefix} begins the name of every metric. */
    public Totals(String prefix, Class<C> counts) {
        this.prefix = prefix;
        this.totals = new EnumMap<>(counts);
        for (C count : counts.getEnumConstants()) {
            totals.put(count, new LongAdder());
        }
    }

    public void increment(C count) {
        add(count, 1);
    }

    public void add(C count, long amount) {
        totals.getOrDefault(count, new LongAdder()).add(amount);
    }

    public long read(C count) {
        return totals.getOrDefault(count, new LongAdder()).sum();
    }

    /** Returns all totals by the name of the metric, such as {@code dns_queries_total}. */
    public Map<String, Long> byMetric() {
        Map<String, Long> counts = new TreeMap<>();
        totals.forEach((count, total) ->
                counts.put(prefix + "_" + count.name().toLowerCase(Locale.ROOT) + "_total", total.sum()));
        return counts;
    }
}
