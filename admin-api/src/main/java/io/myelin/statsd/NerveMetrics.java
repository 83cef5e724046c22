package io.myelin.statsd;

import io.myelin.config.operator.StatsdConfig;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells a StatsD server what Nerve would tell it of what this host announces.
 *
 * <p>Any thread may say what happened, which costs it a note in a table; what was noted is sent once a second. Until it
 * is first settled everything is noted, so that what happens at the start is told.
 */
@OwnedBy(Owner.TOOLS)
public final class NerveMetrics {
    private static final String PREFIX = "nerve.";
    /** Times and sizes that come in faster than they are sent are lost. */
    private static final int MOST_VALUES = 10_000;

    private final Clock clock;
    private final RandomSource random;
    private final ConcurrentMap<Series, Long> counts = new ConcurrentHashMap<>();
    private final BlockingQueue<Value> values = new ArrayBlockingQueue<>(MOST_VALUES);
    private volatile boolean noting = true;
    private @Nullable StatsdConfig config;
    private @Nullable MetricLines lines;
    private long startNanos;

    private record Series(String name, Map<String, String> tags) {}

    private record Value(Series series, long value, boolean gauge) {}

    public NerveMetrics(Clock clock, RandomSource random) {
        this.clock = clock;
        this.random = random;
    }

    /** Notes an event; any thread. */
    public void count(String name, Map<String, String> tags) {
        if (noting) {
            counts.merge(new Series(name, tags), 1L, Long::sum);
        }
    }

    /** Notes how long something took; any thread. */
    public void nanos(String name, long nanos, Map<String, String> tags) {
        note(new Value(new Series(name, tags), nanos / 1_000_000, false));
    }

    /** Notes how large something is; any thread. */
    public void gauge(String name, long value, Map<String, String> tags) {
        note(new Value(new Series(name, tags), value, true));
    }

    private void note(Value value) {
        if (noting) {
            values.offer(value);
        }
    }

    /**
     * Takes note that a configuration took effect; sends to {@code newConfig} from now on, {@code null} for nowhere.
     */
    public void settle(@Nullable StatsdConfig newConfig) {
        if (newConfig == null || !newConfig.equals(config)) {
            stop();
            config = newConfig;
            noting = newConfig != null;
        }
        if (newConfig == null) {
            counts.clear();
            values.clear();
            return;
        }
        if (lines == null) {
            lines = new MetricLines(newConfig, random);
            startNanos = clock.nanoTime();
            count("start", Map.of());
        }
        count("config.update", Map.of());
    }

    /** Sends what was noted; to be called every second. */
    public void tick() {
        MetricLines open = lines;
        if (open != null) {
            send(open);
            open.flush();
        }
    }

    /** Sends the rest and says that the process ends. */
    public void stop() {
        MetricLines open = lines;
        if (open != null) {
            send(open);
            open.millis(PREFIX + "main_loop.elapsed_time", (clock.nanoTime() - startNanos) / 1_000_000, Map.of());
            open.count(PREFIX + "stop", 1, Map.of("stop_avenue", "clean", "stop_location", "main_loop"));
            open.close();
        }
        lines = null;
    }

    private void send(MetricLines open) {
        for (Series series : counts.keySet()) {
            Long events = counts.remove(series);
            if (events != null) {
                open.count(PREFIX + series.name, events, series.tags);
            }
        }
        for (Value value = values.poll(); value != null; value = values.poll()) {
            if (value.gauge) {
                open.gauge(PREFIX + value.series.name, value.value, value.series.tags);
            } else {
                open.millis(PREFIX + value.series.name, value.value, value.series.tags);
            }
        }
    }
}
