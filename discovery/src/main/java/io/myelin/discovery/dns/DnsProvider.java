package io.myelin.discovery.dns;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.model.EndpointSink;
import java.util.Map;

/** Services behind names. */
public final class DnsProvider implements WatcherProvider {
    private final Resolutions resolutions = new Resolutions();

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof DnsConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new DnsWatcher(service, (DnsConfig) config, sink, resolutions.on(watchers.loop()), watchers.clock());
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
