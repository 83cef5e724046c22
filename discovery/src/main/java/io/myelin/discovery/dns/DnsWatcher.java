package io.myelin.discovery.dns;

import io.myelin.discovery.GatedSink;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.SourceReport;
import io.myelin.discovery.dns.FreshEndpoints.Listener;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Follows the addresses behind the names of one service. */
@OwnedBy(Owner.REGISTRY)
final class DnsWatcher implements ServiceWatcher, Listener {
    private static final int NAMES_SHOWN = 5;

    private final String service;
    private final DnsConfig config;
    private final GatedSink sink;
    private final SourceReport report;
    private final String source;
    private final FreshEndpoints endpoints;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    DnsWatcher(String service, DnsConfig config, EndpointSink sink, DnsResolution resolution, Clock clock) {
        this.service = service;
        this.config = config;
        this.sink = new GatedSink(sink);
        this.source = "dns "
                + text(config.servers().stream().map(DnsServer::host).distinct().toList());
        this.report = new SourceReport(source, this.sink, clock);
        this.endpoints = resolution.follow(config.options(), this);
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            report.starting();
            endpoints.replace(config.servers().stream().map(this::named).toList());
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sink.close();
            endpoints.close();
        }
    }

    @Override
    public void onEndpoints(List<Endpoint> found) {
        sink.replace(new EndpointSet(service, found, source));
    }

    @Override
    public void onFresh() {
        report.synced();
    }

    @Override
    public void onFailed(String error) {
        report.lost(error);
    }

    private static String text(List<String> names) {
        String first = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(" "));
        return names.size() > NAMES_SHOWN ? first + " and " + (names.size() - NAMES_SHOWN) + " more" : first;
    }

    private NamedEndpoint named(DnsServer server) {
        List<Nameserver> nameservers =
                server.nameservers().isEmpty() ? config.options().nameservers() : server.nameservers();
        return new NamedEndpoint(
                new Question(server.host(), server.record(), nameservers), target -> endpoint(server, target));
    }

    private static Endpoint endpoint(DnsServer server, Target target) {
        boolean service = server.record() == RecordKind.SRV;
        String name = service && server.name().isEmpty() ? target.host() : server.name();
        return Endpoint.of(name, target.address(), service ? target.port() : server.port())
                .withLabels(server.labels())
                .withWeight(target.weight())
                .withBackup(target.backup());
    }
}
