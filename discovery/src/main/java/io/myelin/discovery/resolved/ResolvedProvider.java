package io.myelin.discovery.resolved;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.dns.DnsResolution;
import io.myelin.model.EndpointSink;
import java.util.Map;

/** Services in registries that hold names; all of these are resolved on one event loop. */
public final class ResolvedProvider implements WatcherProvider {
    private final DnsResolution resolution = new DnsResolution();

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof ResolvedConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new ResolvedWatcher(service, (ResolvedConfig) config, sink, resolution, watchers);
    }

    @Override
    public Map<String, Long> counts() {
        return resolution.counts();
    }

    @Override
    public void close() {
        resolution.close();
    }
}
