package io.myelin.discovery.dns;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sink whose source delivers names for hosts, in front of one that is to get addresses: each endpoint becomes as many
 * as its host has addresses, in all else like it.
 *
 * <p>Safe from any thread; everything is passed on from the loop of names. The source is live if it says so and every
 * name is resolved; it is stale while some name cannot be.
 */
@OwnedBy(Owner.REGISTRY)
public final class ResolvingSink implements EndpointSink, AutoCloseable {
    private final DnsResolution resolution;
    private final DnsOptions options;
    private final EndpointSink sink;
    private final Clock clock;
    private final FreshEndpoints endpoints;
    private @Nullable EndpointSet latest;
    private @Nullable SourceStatus source;
    private State state = State.STARTING;
    private long sinceMillis;
    private @Nullable SourceStatus reported;
    private boolean resolved;
    private String error = "";

    /** Creates a sink that passes on what it resolves to {@code sink}. */
    public ResolvingSink(DnsResolution resolution, DnsOptions options, EndpointSink sink, Clock clock) {
        this.resolution = resolution;
        this.options = options;
        this.sink = sink;
        this.clock = clock;
        this.endpoints = resolution.follow(options, new FreshEndpoints.Listener() {
            @Override
            public void onEndpoints(List<Endpoint> found) {
                pass(found);
            }

            @Override
            public void onFresh() {
                onNames("");
            }

            @Override
            public void onFailed(String reason) {
                onNames(reason);
            }
        });
    }

    @Override
    public void replace(EndpointSet set) {
        resolution.execute(() -> latest = set);
        endpoints.replace(set.endpoints().stream()
                .map(endpoint -> NamedEndpoint.of(endpoint, options.nameservers()))
                .toList());
    }

    @Override
    public void status(SourceStatus status) {
        resolution.execute(() -> {
            source = status;
            report();
        });
    }

    @Override
    public void configure(String sections) {
        resolution.execute(() -> sink.configure(sections));
    }

    /** Resolves nothing any more; close the source first. */
    @Override
    public void close() {
        endpoints.close();
    }

    private void pass(List<Endpoint> found) {
        EndpointSet set = latest;
        if (set != null) {
            sink.replace(new EndpointSet(set.service(), found, set.origin()));
        }
    }

    private void onNames(String reason) {
        resolved = latest != null;
        error = reason;
        report();
    }

    private void report() {
        SourceStatus status = source;
        if (status == null) {
            return;
        }
        SourceStatus combined = combined(status);
        if (!combined.equals(reported)) {
            reported = combined;
            sink.status(combined);
        }
    }

    /** Returns what the source says of itself, unless it is live and the names are not. */
    private SourceStatus combined(SourceStatus status) {
        boolean names = resolved && error.isEmpty();
        State next = status.state();
        if (next == State.LIVE && !names) {
            next = state == State.STARTING ? State.STARTING : State.STALE;
        }
        if (next != state || sinceMillis == 0) {
            state = next;
            sinceMillis = clock.wallMillis();
        }
        return next == status.state()
                ? status
                : new SourceStatus(status.source(), next, sinceMillis, status.syncedMillis(), error);
    }
}
