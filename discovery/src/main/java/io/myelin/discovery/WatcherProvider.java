package io.myelin.discovery;

import io.myelin.model.EndpointSink;
import java.util.Map;

/**
 * One kind of registry: creates the watchers of every service that is found there, and holds what they share.
 *
 * <p>Found by {@link java.util.ServiceLoader}; an implementation has a public constructor without parameters. Methods
 * are safe from any thread.
 */
public interface WatcherProvider extends AutoCloseable {
    boolean supports(DiscoveryConfig config);

    /**
     * Returns a watcher that has not been started yet.
     *
     * @param config one that this provider supports
     * @param watchers where the clock comes from, and the watchers of which this one may be made
     * @throws IllegalArgumentException if {@code config} can never be followed, naming the key and the expected value
     */
    ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers);

    /** Returns what this provider has counted since it was loaded, by metric name. */
    default Map<String, Long> counts() {
        return Map.of();
    }

    /** Ends the connections that the watchers share; returns at once and is idempotent. */
    @Override
    void close();
}
