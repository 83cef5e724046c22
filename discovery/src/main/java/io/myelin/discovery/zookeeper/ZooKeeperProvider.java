package io.myelin.discovery.zookeeper;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.announce.Registrar;
import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.Map;

/**
 * Services that are registered in ZooKeeper, and those that are announced there as Nerve does; all that live in one
 * ensemble share one session.
 */
public final class ZooKeeperProvider implements WatcherProvider, Registrar {
    private final Ensembles ensembles;

    /** Called by the service loader. */
    public ZooKeeperProvider() {
        this(Ensembles.DEFAULT_SESSION_TIMEOUT);
    }

    public ZooKeeperProvider(Duration sessionTimeout) {
        ensembles = new Ensembles(sessionTimeout);
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof ZooKeeperConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new ZooKeeperWatcher(
                service, (ZooKeeperConfig) config, sink, ensembles, watchers.clock(), RandomSource.SYSTEM);
    }

    @Override
    public boolean supports(ReporterConfig config) {
        return config instanceof ZooKeeperReporterConfig;
    }

    @Override
    public Registration register(ReporterConfig config, Endpoint endpoint, RegistrationObserver observer) {
        return new NerveRegistration(ensembles, (ZooKeeperReporterConfig) config, endpoint, observer);
    }

    /** Returns the sessions that the watchers share. */
    public Ensembles ensembles() {
        return ensembles;
    }

    @Override
    public Map<String, Long> counts() {
        return ensembles.counts();
    }

    @Override
    public void close() {
        ensembles.close();
    }
}
