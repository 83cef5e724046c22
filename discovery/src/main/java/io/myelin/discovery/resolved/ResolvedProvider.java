package io.myelin.discovery.resolved;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.dns.Resolutions;
import io.myelin.model.EndpointSink;
import java.util.Map;

/** Services in registries that hold names. */
public final class ResolvedProvider implements WatcherProvider {
    private final Resolutions resolutions = new Resolutions();

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof ResolvedConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new ResolvedWatcher(service, (ResolvedConfig) config, sink, resolutions.on(watchers.loop()), watchers);
    }

    @Override
    public Map<String, Long> counts() {
        return resolutions.counts();
    }

    @Override
    public void close() {
        // What is asked ends with the loop.
    }
}
