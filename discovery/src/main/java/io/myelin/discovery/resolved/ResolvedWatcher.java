package io.myelin.discovery.resolved;

import io.myelin.discovery.GatedSink;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.dns.DefaultServers;
import io.myelin.discovery.dns.DnsResolution;
import io.myelin.discovery.dns.ResolvingSink;
import io.myelin.model.EndpointSink;

/** A watcher of another registry, with the resolution of names behind it. */
final class ResolvedWatcher implements ServiceWatcher {
    private final GatedSink sink;
    private final ResolvingSink names;
    private final DefaultServers defaults;
    private final ServiceWatcher source;

    /** @throws IllegalArgumentException if the source can never be followed */
    ResolvedWatcher(
            String service, ResolvedConfig config, EndpointSink sink, DnsResolution resolution, Watchers watchers) {
        this.sink = new GatedSink(sink);
        this.names = new ResolvingSink(resolution, config.options(), this.sink, watchers.clock());
        this.defaults = new DefaultServers(resolution, config.options(), config.defaultHosts(), this.sink);
        try {
            this.source = watchers.watch(service, config.source(), names);
        } catch (IllegalArgumentException e) {
            names.close();
            defaults.close();
            throw e;
        }
    }

    @Override
    public void start() {
        defaults.start();
        source.start();
    }

    @Override
    public void close() {
        sink.close();
        source.close();
        names.close();
        defaults.close();
    }
}
