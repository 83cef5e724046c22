package io.myelin.discovery;

import io.myelin.model.EndpointSink;
import java.util.Map;
import java.util.Set;

/**
 * One kind of registry: creates the watchers of every service that is found there, and holds what they share.
 *
 * <p>Found by {@link java.util.ServiceLoader}; an implementation has a public constructor without parameters, which
 * does no more than make the object: the reader of configuration makes one, too. Methods are safe from any thread.
 *
 * <p>A registry that is not part of the program names its discovery {@link #methods() methods}. Its configuration is a
 * {@link DiscoveryConfig.Custom}, which {@link #check} looks at when files are read.
 */
public interface WatcherProvider extends AutoCloseable {
    boolean supports(DiscoveryConfig config);

    /**
     * Returns the discovery methods, in lower case, that this provider takes beside those of the program; a method that
     * the program knows is not asked for.
     */
    default Set<String> methods() {
        return Set.of();
    }

    /**
     * Checks what a file says to one of {@link #methods()}.
     *
     * @throws IllegalArgumentException if it cannot be used, with a message that names the key and the expected value
     */
    default void check(DiscoveryConfig.Custom config) {
        // Whatever is said can be used.
    }

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
