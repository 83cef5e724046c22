package io.myelin.discovery.kubernetes;

import io.myelin.discovery.GatedSink;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.SourceReport;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers what one configuration makes of objects that are followed, perhaps for others as well. */
@OwnedBy(Owner.REGISTRY)
final class KubernetesWatcher implements ServiceWatcher, ObjectsListener {
    private static final Logger log = LoggerFactory.getLogger(KubernetesWatcher.class);

    private final String service;
    private final KubernetesConfig config;
    private final ObjectFollowers followers;
    private final RegistryLoop loop;
    private final Totals<KubernetesCount> totals;
    private final String source;
    private final GatedSink sink;
    private final SourceReport report;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable List<Endpoint> delivered;
    private String problem = "";

    KubernetesWatcher(
            String service,
            KubernetesConfig config,
            EndpointSink sink,
            ObjectFollowers followers,
            RegistryLoop loop,
            Totals<KubernetesCount> totals,
            Clock clock) {
        this.service = service;
        this.config = config;
        this.followers = followers;
        this.loop = loop;
        this.totals = totals;
        this.source = FollowedObjects.of(config).toString();
        this.sink = new GatedSink(sink);
        this.report = new SourceReport(source, this.sink, clock);
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            report.starting();
            loop.execute(() -> {
                if (!closed.get()) {
                    followers.join(FollowedObjects.of(config), this);
                }
            });
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sink.close();
            loop.execute(() -> followers.leave(FollowedObjects.of(config), this));
        }
    }

    @Override
    public void onObjects(Collection<ServiceObject> objects, String unreadable, String version) {
        Selection selection = Selection.of(objects, config);
        String said = selection.problem().isEmpty() ? unreadable : selection.problem();
        List<Endpoint> endpoints = selection.endpoints().stream()
                .sorted(Comparator.comparing(Endpoint::address).thenComparing(Endpoint::name))
                .toList();
        // Where there is nothing because of an error, what was there before is better.
        if (!endpoints.equals(delivered) && (said.isEmpty() || !endpoints.isEmpty())) {
            delivered = endpoints;
            totals.increment(KubernetesCount.DELIVERIES);
            sink.replace(new EndpointSet(service, endpoints, source + " resourceVersion=" + version));
        }
        settle(said);
    }

    @Override
    public void onLost(String reason) {
        report.lost(reason);
    }

    private void settle(String said) {
        if (said.isEmpty()) {
            report.synced();
        } else {
            if (!said.equals(problem)) {
                log.warn("Kubernetes says what cannot be used: service={} source={} problem={}", service, source, said);
            }
            report.lost(said);
        }
        problem = said;
    }
}
