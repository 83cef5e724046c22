package io.myelin.discovery.multi;

import io.myelin.discovery.GatedSink;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows several sources and delivers the endpoints of those that serve. */
@OwnedBy(Owner.REGISTRY)
final class MultiWatcher implements ServiceWatcher {
    /*
     * One thread owns the states of all sources of all such services. Whatever a source says is taken there, and then
     * everything is made anew from the states: who serves, their endpoints, their status, their configuration. What is
     * equal to what was said before is not said again.
     *
     * At the start the sources answer one after the other. So that a pool is not filled by halves, nothing is delivered
     * until all that serve have spoken, or for a second. One that cannot be asked since the process began is answered
     * for by what is remembered of the service as a whole, which does not say whose an endpoint was.
     */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final String service;
    private final List<ChildState> states = new ArrayList<>();
    private final List<ServiceWatcher> children = new ArrayList<>();
    private final Resolver resolver;
    private final GatedSink sink;
    private final OwnerThread thread;
    private final Clock clock;
    private final Runnable tick = this::settle;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private long startNanos;
    private boolean running;
    private List<ChildState> serving = List.of();
    private List<Endpoint> remembered;
    private @Nullable List<Endpoint> delivered;
    private @Nullable SourceStatus status;
    private String sections = "";
    private Map<String, List<String>> addresses = Map.of();

    /**
     * Creates the watchers of all sources.
     *
     * @param thread runs tasks one after the other, and closes nothing
     * @param resolvers makes what chooses among the states of the sources
     * @throws IllegalArgumentException if one of the sources can never be followed
     */
    MultiWatcher(
            String service,
            MultiConfig config,
            EndpointSink sink,
            Watchers watchers,
            OwnerThread thread,
            Resolvers resolvers) {
        this.service = service;
        this.sink = new GatedSink(sink);
        this.thread = thread;
        this.clock = watchers.clock();
        this.remembered = watchers.remembered(service);
        config.children().forEach(child -> states.add(new ChildState(child)));
        this.resolver = resolvers.of(service, config.resolver(), states);
        try {
            for (int i = 0; i < states.size(); i++) {
                ChildSink childSink = new ChildSink(states.get(i), thread, tick);
                children.add(watchers.watch(service, config.children().get(i).discovery(), childSink));
            }
        } catch (IllegalArgumentException e) {
            children.forEach(ServiceWatcher::close);
            throw e;
        }
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            thread.execute(() -> {
                startNanos = clock.nanoTime();
                if (!closed.get()) {
                    running = true;
                    resolver.start(tick);
                    thread.everyTick(tick);
                    settle();
                }
            });
            children.forEach(ServiceWatcher::start);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sink.close();
            children.forEach(ServiceWatcher::close);
            thread.execute(() -> {
                running = false;
                thread.noMore(tick);
                resolver.close();
            });
        }
    }

    private void settle() {
        if (!running) {
            return;
        }
        long nowNanos = clock.nanoTime();
        serving = resolver.serving(nowNanos);
        report();
        if (serving.stream().allMatch(ChildState::spoken)
                || (nowNanos - startNanos >= PATIENCE_NANOS && serving.stream().anyMatch(MultiWatcher::offers))) {
            deliver();
        }
        configure();
        resolve();
    }

    private static boolean offers(ChildState child) {
        return child.spoken() || !child.endpoints().isEmpty();
    }

    private void deliver() {
        List<Endpoint> endpoints = known();
        if (!endpoints.equals(delivered)) {
            delivered = endpoints;
            String origin = serving.stream().map(ChildState::origin).collect(Collectors.joining(", "));
            sink.replace(new EndpointSet(service, endpoints, resolver.title() + " " + origin));
        }
    }

    private List<Endpoint> known() {
        if (states.stream().allMatch(ChildState::spoken)) {
            remembered = List.of();
        }
        boolean replaced = !remembered.isEmpty();
        List<Endpoint> endpoints = new ArrayList<>();
        serving.stream()
                .filter(child -> !replaced || child.spoken())
                .forEach(child -> endpoints.addAll(child.endpoints()));
        if (replaced && !serving.stream().allMatch(ChildState::spoken)) {
            Set<EndpointId> offered = endpoints.stream().map(Endpoint::id).collect(Collectors.toSet());
            remembered.stream()
                    .filter(endpoint -> !offered.contains(endpoint.id()))
                    .forEach(endpoints::add);
        }
        return endpoints;
    }

    private void report() {
        SourceStatus.State state = state();
        boolean same = status != null && status.state() == state;
        SourceStatus next = new SourceStatus(
                resolver.title() + " of "
                        + states.stream().map(ChildState::name).collect(Collectors.joining(", ")),
                state,
                same && status != null ? status.sinceMillis() : clock.wallMillis(),
                serving.stream().mapToLong(ChildState::syncedMillis).min().orElse(0),
                Stream.concat(Stream.of(resolver.error()), serving.stream().map(ChildState::error))
                        .filter(error -> !error.isEmpty())
                        .collect(Collectors.joining("; ")),
                states.stream()
                        .map(child -> child.part(serving.contains(child)))
                        .toList());
        if (!next.equals(status)) {
            status = next;
            sink.status(next);
        }
    }

    /** Returns LIVE if all that serve are, and STARTING if none was read yet. */
    private SourceStatus.State state() {
        if (serving.stream().allMatch(child -> child.state() == SourceStatus.State.LIVE)) {
            return SourceStatus.State.LIVE;
        }
        return serving.stream().allMatch(child -> child.state() == SourceStatus.State.STARTING)
                ? SourceStatus.State.STARTING
                : SourceStatus.State.STALE;
    }

    /** Passes on the configuration of the first that serves and has some. */
    private void configure() {
        String next = serving.stream()
                .map(ChildState::sections)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (!next.equals(sections)) {
            sections = next;
            sink.configure(next);
        }
    }

    /** Passes on where default servers are, which has a meaning for their weights. */
    private void resolve() {
        Map<String, List<String>> next = new TreeMap<>();
        serving.forEach(child -> child.addresses().forEach(next::putIfAbsent));
        if (!next.equals(addresses)) {
            addresses = next;
            sink.resolve(next);
        }
    }
}
