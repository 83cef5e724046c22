package io.myelin.discovery.zookeeper;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The sessions with all ensembles: one per configuration, opened for its first user and closed after its last.
 *
 * <p>Safe from any thread; no method blocks.
 */
public final class Ensembles implements AutoCloseable {
    /** Long enough to sit out a restart of one server, as with Nerve's own sessions. */
    public static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(30);

    private final Duration sessionTimeout;
    private final ZooKeeperCounts counts = new ZooKeeperCounts();
    private final ConcurrentMap<EnsembleConfig, Shared> shared = new ConcurrentHashMap<>();

    /** Creates sessions that the ensemble, within its own limits, keeps for {@code sessionTimeout} after a silence. */
    public Ensembles(Duration sessionTimeout) {
        this.sessionTimeout = sessionTimeout;
    }

    /** Returns how many ensembles are in use. */
    public int inUse() {
        return shared.size();
    }

    /** Returns whether somebody uses the ensemble of {@code config} now. */
    boolean has(EnsembleConfig config) {
        return shared.containsKey(config);
    }

    /** Returns one of the numbers counted since this was created. */
    public long count(ZooKeeperCount count) {
        return counts.read(count);
    }

    /** Ends every session, whoever may still use it. */
    @Override
    public void close() {
        shared.keySet()
                .forEach(config -> shared.computeIfPresent(config, (key, users) -> {
                    users.ensemble.close();
                    return null;
                }));
    }

    Map<String, Long> counts() {
        return counts.byMetric();
    }

    /** Returns the ensemble of {@code servers}, joined by commas, which the caller gives back with {@link #release}. */
    Ensemble acquire(String servers) {
        return acquire(EnsembleConfig.of(List.of(servers.split(","))));
    }

    /** Returns the ensemble of {@code config}, which the caller gives back with {@link #release}. */
    Ensemble acquire(EnsembleConfig config) {
        return shared.compute(
                        config,
                        (key, users) -> users == null
                                ? new Shared(new Ensemble(config, sessionTimeout, counts), 1)
                                : new Shared(users.ensemble, users.count + 1))
                .ensemble;
    }

    void release(Ensemble ensemble) {
        shared.computeIfPresent(ensemble.config(), (key, users) -> {
            if (users.ensemble != ensemble) {
                return users;
            }
            if (users.count > 1) {
                return new Shared(ensemble, users.count - 1);
            }
            ensemble.close();
            return null;
        });
    }

    private record Shared(Ensemble ensemble, int count) {}
}
