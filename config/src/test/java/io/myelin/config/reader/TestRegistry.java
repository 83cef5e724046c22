package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.model.EndpointSink;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** A kind of registry that somebody else wrote; found by the service loader. */
@NullMarked
public final class TestRegistry implements WatcherProvider {
    static final String METHOD = "test_registry";

    @Override
    public Set<String> methods() {
        return Set.of(METHOD, "zookeeper");
    }

    @Override
    public void check(DiscoveryConfig.Custom config) {
        if (!config.section().containsKey("url")) {
            throw new IllegalArgumentException("url: missing (expected: an address)");
        }
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof DiscoveryConfig.Custom custom
                && custom.method().equals(METHOD);
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        throw new IllegalArgumentException("nothing is watched here");
    }

    @Override
    public void close() {
        // Nothing is shared.
    }
}
