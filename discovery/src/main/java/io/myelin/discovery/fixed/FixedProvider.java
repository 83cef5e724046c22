package io.myelin.discovery.fixed;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.model.EndpointSink;

/** The registry that knows nothing: its watchers deliver no set and no status, which leaves a pool at its defaults. */
public final class FixedProvider implements WatcherProvider {
    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof DiscoveryConfig.Fixed;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new Silence();
    }

    @Override
    public void close() {
        // Nothing is shared.
    }

    private static final class Silence implements ServiceWatcher {
        @Override
        public void start() {
            // There is nothing to follow.
        }

        @Override
        public void close() {
            // Nothing was started.
        }
    }
}
