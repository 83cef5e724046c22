package io.myelin.launcher.process;

import io.myelin.config.ServiceConfig;
import io.myelin.config.operator.OperatorConfig;
import io.myelin.config.operator.StateFileConfig;
import io.myelin.config.operator.StatsdConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.Watchers;
import io.myelin.files.FileOutput;
import io.myelin.files.RememberedPool;
import io.myelin.files.RememberedState;
import io.myelin.files.StateFile;
import io.myelin.files.StateFileFacts;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.runtime.ProcessFacts;
import io.myelin.runtime.RuntimeSockets;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProxyServer;
import io.myelin.stats.Statistics;
import io.myelin.stats.StatsServer;
import io.myelin.stats.StatsView;
import io.myelin.statsd.NerveMetrics;
import io.myelin.statsd.SynapseMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What operators' tools are given beside the admin listener.
 *
 * <p>One thread recalls, settles and closes it; everything else may be asked from any.
 */
final class OperatorTools implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final ProxyServer server;
    private final Watchers watchers;
    private final Statistics statistics;
    private final StatsServer statsServer;
    private final RuntimeSockets sockets;
    private final StateFile stateFile;
    private final FileOutput fileOutput;
    private final SynapseMetrics metrics;
    private final NerveMetrics nerveMetrics;
    private final ToolsLoop loop = new ToolsLoop();
    /** What the state file said at the start and no pool has taken over yet. */
    private final Map<String, RememberedPool> memory = new ConcurrentHashMap<>();

    private volatile Map<String, RememberedPool> earlier = Map.of();
    private volatile boolean recalled;

    OperatorTools(ProxyServer server, Sources sources, int loops, String version, Clock clock) {
        StatsView view = new ObservedProcess(server, sources, version);
        this.server = server;
        this.watchers = sources.watchers();
        statistics = new Statistics(view, clock);
        statsServer = new StatsServer(statistics, clock);
        sockets = new RuntimeSockets(view, statistics, ProcessFacts.of(loops, clock), sources.control());
        stateFile = new StateFile(server::pools, sources.registry()::inForce, clock);
        fileOutput = new FileOutput(server::pools);
        metrics = new SynapseMetrics(server::pools, sources.watchers()::counts, version, clock, RandomSource.SYSTEM);
        nerveMetrics = new NerveMetrics(clock, RandomSource.SYSTEM);
    }

    /** Returns what takes note of what happens to announcements. */
    NerveMetrics nerveMetrics() {
        return nerveMetrics;
    }

    /** Takes what the state file said at the start; to be called before the first {@link #recall}. */
    void remember(RememberedState state) {
        earlier = state.pools();
    }

    /** At the first call, has pools begin with what the state file said; {@code services} are about to run. */
    void recall(OperatorConfig wanted, List<ServiceConfig> services) {
        StateFileConfig file = wanted.stateFile();
        if (!recalled && file != null) {
            memory.putAll(earlier);
            Map<String, List<Endpoint>> endpoints = new HashMap<>();
            earlier.forEach((name, pool) -> endpoints.put(name, pool.endpoints()));
            watchers.remember(endpoints);
            server.recallBy(pool -> tell(pool, file.path()));
        }
        recalled = true;
        services.stream()
                .filter(service -> service.discovery() instanceof DiscoveryConfig.Fixed)
                .forEach(service -> memory.remove(service.name()));
    }

    private void tell(Pool pool, Path file) {
        RememberedPool known = memory.remove(pool.name());
        if (known != null) {
            String origin = "state file " + file + " as of " + Instant.ofEpochMilli(known.knownMillis());
            pool.recall(new EndpointSet(pool.name(), known.endpoints(), origin), known.knownMillis(), known.numbers());
        }
    }

    /**
     * Makes {@code wanted} what there is; what cannot be had harms only itself.
     *
     * @param announcing whether there is anything to tell about announcements
     */
    void settle(OperatorConfig wanted, boolean announcing) {
        statsServer.settle(wanted.stats());
        sockets.settle(wanted.sockets());
        StatsdConfig nerveStatsd = announcing ? wanted.nerveStatsd() : null;
        boolean needed = wanted.stateFile() != null || wanted.fileOutput() != null || wanted.statsd() != null;
        if (needed || nerveStatsd != null) {
            loop.start(TICK, this::tick);
        }
        StateFileConfig file = wanted.stateFile();
        loop.repeat(file == null || file.interval().compareTo(TICK) > 0 ? TICK : file.interval(), stateFile::tick);
        Map<String, RememberedPool> known = earlier;
        loop.execute(() -> {
            stateFile.settle(wanted.stateFile(), known);
            fileOutput.settle(wanted.fileOutput());
            metrics.settle(wanted.statsd());
            nerveMetrics.settle(nerveStatsd);
        });
    }

    private void tick() {
        fileOutput.tick();
        metrics.tick();
        nerveMetrics.tick();
    }

    /** Returns what became of the state file, {@code null} if there is none; any thread. */
    @Nullable
    StateFileFacts stateFile() {
        return stateFile.facts();
    }

    Statistics statistics() {
        return statistics;
    }

    /** Returns what became of every address that tools are answered at. */
    List<ListenerStatus> listeners() {
        return statsServer.status();
    }

    @Override
    public void close() {
        sockets.close();
        statsServer.close();
        statistics.close();
        loop.execute(() -> {
            stateFile.write();
            metrics.stop();
            nerveMetrics.stop();
        });
        loop.close();
    }
}
