package io.myelin.discovery;

import io.myelin.discovery.announce.Registrar;
import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSink;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    private final List<Registrar> registrars;
    private final Clock clock;
    private final RegistryLoop loop = new RegistryLoop("registries");
    private volatile Map<String, List<Endpoint>> remembered = Map.of();

    public Watchers(List<WatcherProvider> providers, Clock clock) {
        this(providers, List.of(), clock);
    }

    /**
     * Knows {@code providers}, those of them that take registrations as well, and {@code registrars}, which only do
     * that.
     */
    public Watchers(List<WatcherProvider> providers, List<Registrar> registrars, Clock clock) {
        this.providers = List.copyOf(providers);
        this.registrars = Stream.concat(
                        providers.stream().filter(Registrar.class::isInstance).map(Registrar.class::cast),
                        registrars.stream())
                .toList();
        this.clock = clock;
    }

    /** Returns the watchers of all registries that are on the class path. */
    public static Watchers load(Clock clock) {
        return new Watchers(providers(), found(Registrar.class), clock);
    }

    /**
     * Returns a provider of each kind that is on the class path, which the caller closes. One that cannot be made is
     * left out, and logged.
     */
    public static List<WatcherProvider> providers() {
        return found(WatcherProvider.class);
    }

    private static <T> List<T> found(Class<T> kind) {
        Iterator<T> found =
                ServiceLoader.load(kind, WatcherProvider.class.getClassLoader()).iterator();
        List<T> made = new ArrayList<>();
        for (int failures = 0; failures < MOST_FAILURES; ) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                made.add(found.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                log.error("A kind of registry cannot be used: {}", e.getMessage(), e);
            }
        }
        return List.copyOf(made);
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

    /** Takes what was known before this process began, by service; for the watchers that are made afterwards. */
    public void remember(Map<String, List<Endpoint>> endpoints) {
        remembered = Map.copyOf(endpoints);
    }

    /** Returns what {@code service} consisted of before this process began, nothing if that is not known. */
    public List<Endpoint> remembered(String service) {
        return remembered.getOrDefault(service, List.of());
    }

    /**
     * Returns a registration that is not announced yet; the caller closes it.
     *
     * @throws IllegalArgumentException if no registry understands {@code config}, or if it can never be used
     */
    public Registration register(ReporterConfig config, Endpoint endpoint, RegistrationObserver observer) {
        return registrars.stream()
                .filter(registrar -> registrar.supports(config))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("reporter_type: "
                        + config.getClass().getSimpleName() + " (expected: a kind of registry on the class path)"))
                .register(config, endpoint, observer);
    }

    public Clock clock() {
        return clock;
    }

    /** Returns the loop of all watchers that do not block, whatever their registry; it ends with this. */
    public RegistryLoop loop() {
        return loop;
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
        registrars.forEach(Registrar::close);
        providers.forEach(WatcherProvider::close);
        loop.close();
    }
}
