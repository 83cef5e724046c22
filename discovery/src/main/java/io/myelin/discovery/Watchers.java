package io.myelin.discovery;

import io.myelin.model.Clock;
import io.myelin.model.EndpointSink;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Every kind of registry the process knows: the place where the configuration of a service becomes its watcher.
 *
 * <p>Safe from any thread.
 */
public final class Watchers implements AutoCloseable {
    private final List<WatcherProvider> providers;
    private final Clock clock;

    public Watchers(List<WatcherProvider> providers, Clock clock) {
        this.providers = List.copyOf(providers);
        this.clock = clock;
    }

    /** Returns the watchers of all registries that are on the class path. */
    public static Watchers load(Clock clock) {
        ServiceLoader<WatcherProvider> found =
                ServiceLoader.load(WatcherProvider.class, WatcherProvider.class.getClassLoader());
        return new Watchers(found.stream().map(ServiceLoader.Provider::get).toList(), clock);
    }

    /**
     * Returns a watcher that has not been started yet; the caller closes it.
     *
     * @throws IllegalArgumentException if no registry understands {@code config}, or if it can never be followed
     */
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink) {
        return providers.stream()
                .filter(provider -> provider.supports(config))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("discovery: "
                        + config.getClass().getSimpleName() + " (expected: a kind of registry on the class path)"))
                .watch(service, config, sink, this);
    }

    public Clock clock() {
        return clock;
    }

    /** Returns what all registries have counted, by metric name. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        providers.forEach(provider -> provider.counts().forEach((name, count) -> counts.merge(name, count, Long::sum)));
        return counts;
    }

    /** Ends what the watchers share; close the watchers themselves first. */
    @Override
    public void close() {
        providers.forEach(WatcherProvider::close);
    }
}
