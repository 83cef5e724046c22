package io.myelin.discovery.dns;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.Totals;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The resolution of names on each loop, made when it is first used: mostly on one. Safe from any thread. */
public final class Resolutions {
    private final Totals<DnsCount> totals = new Totals<>("dns", DnsCount.class);
    private final Map<RegistryLoop, DnsResolution> byLoop = new ConcurrentHashMap<>();

    /** Returns the resolution on {@code loop}, always the same. */
    public DnsResolution on(RegistryLoop loop) {
        return byLoop.computeIfAbsent(loop, one -> new DnsResolution(one, totals));
    }

    /** Returns what was counted on all of them, by the name of the metric. */
    public Map<String, Long> counts() {
        return totals.byMetric();
    }
}
