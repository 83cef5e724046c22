package io.myelin.statsd;

import io.myelin.config.operator.StatsdConfig;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a StatsD server what Synapse would tell it, as looking at the process once a second shows. Nothing of it costs
 * traffic anything.
 */
@OwnedBy(Owner.TOOLS)
public final class SynapseMetrics {
    private static final String PREFIX = "synapse.";

    /** What the clients of registries count, under the names that Synapse has for it. */
    private static final Map<String, String> OF_REGISTRIES = Map.of(
            "zookeeper_child_lists_total", "watcher.zk.discovery",
            "zookeeper_sessions_total", "watcher.zk.client.created",
            "zookeeper_malformed_total", "watcher.zk.parse_child_failed",
            "zookeeper_failed_reads_total", "watcher.zk.get_child_failed");

    private final Supplier<List<Pool>> pools;
    private final Supplier<Map<String, Long>> registryCounts;
    private final String version;
    private final Clock clock;
    private final RandomSource random;
    private @Nullable StatsdConfig config;
    private @Nullable MetricLines lines;
    private final Map<String, Long> versions = new HashMap<>();
    private Map<String, Long> counted = Map.of();

    /** Creates metrics that go nowhere yet. */
    public SynapseMetrics(
            Supplier<List<Pool>> pools,
            Supplier<Map<String, Long>> registryCounts,
            String version,
            Clock clock,
            RandomSource random) {
        this.pools = pools;
        this.registryCounts = registryCounts;
        this.version = version;
        this.clock = clock;
        this.random = random;
    }

    /** Sends to {@code newConfig} from now on, or with {@code null} nowhere. */
    public void settle(@Nullable StatsdConfig newConfig) {
        if (newConfig != null && newConfig.equals(config)) {
            return;
        }
        stop();
        config = newConfig;
        if (newConfig != null) {
            MetricLines opened = new MetricLines(newConfig, random);
            lines = opened;
            counted = registryCounts.get();
            opened.count(PREFIX + "start", 1, Map.of("synapse_version", version));
            opened.flush();
        }
    }

    /** Looks once; to be called every second. */
    public void tick() {
        MetricLines open = lines;
        if (open == null) {
            return;
        }
        long startNanos = clock.nanoTime();
        tellOfPools(open);
        tellOfRegistries(open);
        open.millis(PREFIX + "main_loop.elapsed_time", (clock.nanoTime() - startNanos) / 1_000_000, Map.of());
        open.flush();
    }

    /** Says that the process ends. */
    public void stop() {
        MetricLines open = lines;
        if (open != null) {
            open.count(PREFIX + "stop", 1, Map.of("synapse_version", version));
            open.close();
        }
        lines = null;
        versions.clear();
    }

    private void tellOfPools(MetricLines open) {
        Set<String> there = new HashSet<>();
        boolean updated = false;
        for (Pool pool : pools.get()) {
            there.add(pool.name());
            Map<String, String> tags = tags(pool.name());
            Long before = versions.put(pool.name(), pool.snapshot().version());
            if (before == null) {
                open.count(PREFIX + "watcher.start", 1, tags);
            }
            updated |= before == null || before != pool.snapshot().version();
            SourceStatus source = pool.sourceStatus();
            boolean well = source == null || source.state() != SourceStatus.State.STALE;
            tags.put("ping_result", well ? "success" : "failure");
            open.count(PREFIX + "watcher.ping.count", 1, tags);
        }
        versions.keySet().stream()
                .filter(name -> !there.contains(name))
                .toList()
                .forEach(gone -> {
                    versions.remove(gone);
                    open.count(PREFIX + "watcher.stop", 1, tags(gone));
                });
        if (updated) {
            open.count(PREFIX + "config.update", 1, Map.of());
        }
    }

    private static Map<String, String> tags(String service) {
        Map<String, String> tags = new TreeMap<>();
        tags.put("service_name", service);
        tags.put("watcher_name", service);
        return tags;
    }

    private void tellOfRegistries(MetricLines open) {
        Map<String, Long> now = registryCounts.get();
        OF_REGISTRIES.forEach((ours, theirs) -> {
            long events = now.getOrDefault(ours, 0L) - counted.getOrDefault(ours, 0L);
            if (events > 0) {
                open.count(PREFIX + theirs, events, Map.of());
            }
        });
        counted = now;
    }
}
