package io.myelin.discovery;

import io.myelin.model.Clock;
import io.myelin.model.EndpointSink;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every kind of registry the process knows: the place where the configuration of a service becomes its watcher.
 *
 * <p>Safe from any thread.
 */
public final class Watchers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watchers.class);
    private static final int MOST_FAILURES = 100;

    private final List<WatcherProvider> providers;
    private final Clock clock;

    public Watchers(List<WatcherProvider> providers, Clock clock) {
        this.providers = List.copyOf(providers);
        this.clock = clock;
    }

    /** Returns the watchers of all registries that are on the class path. */
    public static Watchers load(Clock clock) {
        return new Watchers(providers(), clock);
    }

    /**
     * Returns a provider of each kind that is on the class path, which the caller closes. One that cannot be made is
     * left out, and logged.
     */
    public static List<WatcherProvider> providers() {
        Iterator<WatcherProvider> found = ServiceLoader.load(
                        WatcherProvider.class, WatcherProvider.class.getClassLoader())
                .iterator();
        List<WatcherProvider> providers = new ArrayList<>();
        for (int failures = 0; failures < MOST_FAILURES; ) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                providers.add(found.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                log.error("A kind of registry cannot be used: {}", e.getMessage(), e);
            }
        }
        return List.copyOf(providers);
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
