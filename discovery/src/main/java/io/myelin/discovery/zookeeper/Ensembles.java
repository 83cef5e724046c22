package io.myelin.discovery.zookeeper;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The sessions with all ensembles: one per list of servers, opened for its first user and closed after its last.
 *
 * <p>Safe from any thread; no method blocks.
 */
public final class Ensembles implements AutoCloseable {
    /** Long enough to sit out a restart of one server, as with Nerve's own sessions. */
    public static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(30);

    private final Duration sessionTimeout;
    private final ZooKeeperCounts counts = new ZooKeeperCounts();
    private final ConcurrentMap<String, Shared> shared = new ConcurrentHashMap<>();

    /** Creates sessions that the ensemble, within its own limits, keeps for {@code sessionTimeout} after a silence. */
    public Ensembles(Duration sessionTimeout) {
        this.sessionTimeout = sessionTimeout;
    }

    /** Returns how many ensembles are in use. */
    public int inUse() {
        return shared.size();
    }

    /** Returns one of the numbers counted since this was created. */
    public long count(ZooKeeperCount count) {
        return counts.read(count);
    }

    /** Ends every session, whoever may still use it. */
    @Override
    public void close() {
        shared.keySet()
                .forEach(servers -> shared.computeIfPresent(servers, (key, users) -> {
                    users.ensemble.close();
                    return null;
                }));
    }

    Map<String, Long> counts() {
        return counts.byMetric();
    }

    /** Returns the ensemble of {@code servers}, which the caller gives back with {@link #release}. */
    Ensemble acquire(String servers) {
        return shared.compute(
                        servers,
                        (key, users) -> users == null
                                ? new Shared(new Ensemble(servers, sessionTimeout, counts), 1)
                                : new Shared(users.ensemble, users.count + 1))
                .ensemble;
    }

    void release(Ensemble ensemble) {
        shared.computeIfPresent(ensemble.servers(), (key, users) -> {
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
