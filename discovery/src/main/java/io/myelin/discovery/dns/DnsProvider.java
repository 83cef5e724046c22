package io.myelin.discovery.dns;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.WatcherProvider;
import io.myelin.discovery.Watchers;
import io.myelin.model.EndpointSink;
import java.util.Map;

/** Services behind names; all of them are resolved on one event loop. */
public final class DnsProvider implements WatcherProvider {
    private final DnsResolution resolution;

    /** Called by the service loader. */
    public DnsProvider() {
        this(new DnsResolution());
    }

    DnsProvider(DnsResolution resolution) {
        this.resolution = resolution;
    }

    @Override
    public boolean supports(DiscoveryConfig config) {
        return config instanceof DnsConfig;
    }

    @Override
    public ServiceWatcher watch(String service, DiscoveryConfig config, EndpointSink sink, Watchers watchers) {
        return new DnsWatcher(service, (DnsConfig) config, sink, resolution, watchers.clock());
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
