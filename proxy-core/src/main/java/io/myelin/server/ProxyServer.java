package io.myelin.server;

import io.myelin.balance.Member;
import io.myelin.control.ControlLoop;
import io.myelin.failure.Failure;
import io.myelin.http.HttpRules;
import io.myelin.http.Violation;
import io.myelin.log.AccessSinks;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.myelin.net.SocketTypes;
import io.myelin.pool.Following;
import io.myelin.pool.MemberEncryption;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.tls.MemberContexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane as one object: start it, give it a configuration, give it another one, drain it, stop it.
 *
 * <p>Safe from any thread. Changes are made on the control thread, in the order they were asked for.
 */
@OwnedBy(Owner.CONTROL)
public final class ProxyServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProxyServer.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final ControlLoop control;
    private final Clock clock;
    private final RandomSource random;
    private final DataPlane plane;
    private final MemberContexts memberContexts;
    private final Following following = new Following(this::pool);
    private final String transport;
    private volatile Map<String, Pool> pools = Map.of();
    private volatile Map<String, Listener> listeners = Map.of();
    /** Closed, but with connections that have not ended yet. */
    private volatile List<Listener> leaving = List.of();

    private volatile @Nullable ConnectionLimit limit;
    private volatile int maxConnections;
    private volatile Consumer<Pool> recollection = pool -> {};

    /** Starts the event loops; nothing listens yet, and nothing is ever logged of requests. */
    public ProxyServer(ServerOptions options, ControlLoop control, Clock clock, RandomSource random) {
        this(options, control, clock, random, AccessSinks.NONE);
    }

    /**
     * Starts the event loops; nothing listens yet.
     *
     * @param accessSinks whoever writes down what listeners log
     */
    public ProxyServer(
            ServerOptions options, ControlLoop control, Clock clock, RandomSource random, AccessSinks accessSinks) {
        SocketTypes types = socketTypes(options.transport());
        this.control = control;
        this.clock = clock;
        this.random = random;
        this.memberContexts = new MemberContexts(control, clock);
        this.plane = new DataPlane(options.loops(), types, clock, accessSinks, memberContexts);
        this.transport = describe(options, types);
        control.repeat(TICK, () -> {
            pools.values().forEach(Pool::onTick);
            listeners.values().forEach(Listener::onTick);
            memberContexts.refresh();
        });
    }

    private static SocketTypes socketTypes(ServerOptions.Transport transport) {
        SocketTypes types = switch (transport) {
            case AUTO -> SocketTypes.best();
            case EPOLL -> SocketTypes.EPOLL;
            case IO_URING -> SocketTypes.IO_URING;
            case NIO -> SocketTypes.NIO;
        };
        if (!types.whyNot().isEmpty()) {
            throw new IllegalArgumentException("transport: " + types.label() + " is not available: " + types.whyNot()
                    + " (expected: auto or nio)");
        }
        return types;
    }

    private static String describe(ServerOptions options, SocketTypes types) {
        String reason = "configured";
        if (options.transport() == ServerOptions.Transport.AUTO) {
            reason = types == SocketTypes.EPOLL
                    ? "measured to cost least, and available here"
                    : "epoll is not available: " + SocketTypes.EPOLL.whyNot();
        }
        return types.label() + ", " + options.loops() + " event loops (" + reason + ")";
    }

    /**
     * Makes {@code config} what is served: keeps the listeners and pools that stay, with their connections, opens and
     * closes the others. A listener that cannot be bound harms only itself; applying again tries it again.
     *
     * @return the state of every address of every listener, once all of them are bound or have failed
     */
    public CompletionStage<List<ListenerStatus>> apply(ProxyConfig config) {
        CompletableFuture<List<ListenerStatus>> outcome = new CompletableFuture<>();
        control.execute(() -> {
            try {
                applyPools(config.pools());
                applyLimit(config.maxConnections());
                // Behind the publications of pools that were changed, so that what is said to be done is.
                applyListeners(config)
                        .whenComplete((done, error) -> control.execute(() -> outcome.complete(listeners())));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    /**
     * Lets {@code newRecollection} tell every pool that is new from now on what an earlier process knew of it. It runs
     * on the control thread, before the pool serves.
     */
    public void recallBy(Consumer<Pool> newRecollection) {
        recollection = newRecollection;
    }

    private void applyPools(List<PoolConfig> configs) {
        Map<String, Pool> next = new LinkedHashMap<>();
        for (PoolConfig config : configs) {
            Pool pool = pools.get(config.name());
            if (pool == null) {
                pool = new Pool(
                        config, control, clock, random, plane.loops().all().size());
                recollection.accept(pool);
                pool.observe(plane::onSnapshot);
                pool.observe(following::onSnapshot);
                pool.observe((any, before, after) -> encrypt(any.name(), after.encryption()));
                encrypt(pool.name(), pool.snapshot().encryption());
                pool.endSessionsBy(this::endSessions);
            } else {
                pool.reconfigure(config);
            }
            next.put(config.name(), pool);
        }
        for (Pool gone : pools.values()) {
            if (!next.containsKey(gone.name())) {
                gone.snapshot().members().forEach(member -> member.retire(true));
                plane.discard(new HashSet<>(gone.snapshot().members()));
                encrypt(gone.name(), MemberEncryption.NONE);
            }
        }
        pools = next;
        following.settle(next.values());
    }

    private void encrypt(String pool, MemberEncryption encryption) {
        memberContexts.use(pool, encryption.settings());
    }

    private void endSessions(Set<Member> members) {
        everyListener().forEach(listener -> listener.endFrom(members));
    }

    private void applyLimit(int newMaxConnections) {
        maxConnections = newMaxConnections;
        ConnectionLimit existing = limit;
        if (existing != null) {
            existing.limit(newMaxConnections == 0 ? Integer.MAX_VALUE : newMaxConnections);
        } else if (newMaxConnections > 0) {
            limit = new ConnectionLimit(newMaxConnections);
        }
    }

    private CompletableFuture<Void> applyListeners(ProxyConfig wanted) {
        Map<Pool, HttpRules> rules = new HashMap<>();
        wanted.rules().forEach((name, poolRules) -> {
            Pool pool = pools.get(name);
            if (pool != null) {
                rules.put(pool, poolRules);
            }
        });
        Map<String, Listener> previous = new LinkedHashMap<>(listeners);
        Map<String, Listener> next = new LinkedHashMap<>();
        List<CompletableFuture<Void>> closures = new ArrayList<>();
        for (ListenerConfig config : wanted.listeners()) {
            Listener listener = previous.get(config.name());
            if (listener != null && listener.fits(config)) {
                previous.remove(config.name());
                closures.add(listener.reconfigure(config, pools, rules, limit));
            } else {
                listener = new Listener(config, pools, rules, plane, limit);
            }
            next.put(config.name(), listener);
        }
        previous.values().forEach(listener -> closures.add(retire(listener)));
        listeners = next;
        // A new listener may want the port of one that leaves.
        return CompletableFuture.allOf(closures.toArray(CompletableFuture<?>[]::new))
                .thenComposeAsync(closed -> open(next.values()), control);
    }

    private static CompletableFuture<Void> open(Collection<Listener> listeners) {
        return CompletableFuture.allOf(listeners.stream().map(Listener::open).toArray(CompletableFuture<?>[]::new));
    }

    /** Stops accepting and lets go of a listener once its connections have ended; completes once its ports are free. */
    private CompletableFuture<Void> retire(Listener listener) {
        CompletableFuture<Void> closed = listener.close();
        listener.drain();
        List<Listener> still = new ArrayList<>(leaving);
        still.removeIf(left -> left.openConnections() == 0);
        still.add(listener);
        leaving = List.copyOf(still);
        return closed;
    }

    /** Returns the pools in the order of the configuration. */
    public List<Pool> pools() {
        return List.copyOf(pools.values());
    }

    public @Nullable Pool pool(String name) {
        return pools.get(name);
    }

    public List<ListenerStatus> listeners() {
        return listeners.values().stream()
                .flatMap(listener -> listener.status().stream())
                .toList();
    }

    /** Returns what connections to members are encrypted with; any thread. */
    public MemberContexts memberContexts() {
        return memberContexts;
    }

    /** Returns how many client connections there are, and how many there may be. */
    public ProcessConnections connections() {
        return new ProcessConnections(openConnections(), maxConnections);
    }

    /** Returns how many exchanges failed before they could be given to a pool, for that reason. */
    public long unrouted(Failure failure) {
        return listeners.values().stream()
                .mapToLong(listener -> listener.failures(failure))
                .sum();
    }

    /** Returns how many requests were redirected before they could be given to a pool. */
    public long unroutedRedirects() {
        return listeners.values().stream().mapToLong(Listener::redirects).sum();
    }

    /** Returns how many requests broke {@code rule}; any thread. */
    public long refusedRequests(Violation rule) {
        return plane.violations(violations -> violations.requests(rule));
    }

    /** Returns how many responses of members broke {@code rule}; any thread. */
    public long refusedResponses(Violation rule) {
        return plane.violations(violations -> violations.responses(rule));
    }

    /** Returns which transport the event loops use and why, such as {@code epoll, 2 event loops (configured)}. */
    public String transport() {
        return transport;
    }

    /**
     * Closes the listeners and idle connections at once and lets exchanges and tunnels in flight finish.
     *
     * @param limit after which whatever is left is cut
     * @return how many connections had to be cut, once none is left
     */
    public CompletionStage<Integer> drain(Duration limit) {
        CompletableFuture<Integer> outcome = new CompletableFuture<>();
        control.execute(() -> {
            listeners.values().forEach(Listener::close);
            everyListener().forEach(Listener::drain);
            long startNanos = clock.nanoTime();
            AtomicReference<@Nullable Future<?>> poll = new AtomicReference<>();
            poll.set(control.repeat(DRAIN_POLL, () -> {
                boolean late = clock.nanoTime() - startNanos >= limit.toNanos();
                long open = openConnections();
                if (open > 0 && !late) {
                    // A connection accepted just before its listener closed learns of the drain here.
                    everyListener().forEach(Listener::drain);
                    return;
                }
                everyListener().forEach(Listener::cut);
                Future<?> self = poll.get();
                if (self != null) {
                    self.cancel(false);
                }
                if (outcome.complete((int) open) && open > 0) {
                    log.warn("Cut connections that did not finish: connections={} limit={}", open, limit);
                }
            }));
        });
        return outcome;
    }

    private List<Listener> everyListener() {
        List<Listener> every = new ArrayList<>(listeners.values());
        every.addAll(leaving);
        return every;
    }

    /** Returns how many client connections are open; any thread. */
    public long openConnections() {
        return everyListener().stream().mapToLong(Listener::openConnections).sum();
    }

    /** Cuts everything and starts to stop the event loops. */
    @Override
    public void close() {
        everyListener().forEach(listener -> {
            listener.close();
            listener.cut();
        });
        plane.stop();
        memberContexts.close();
    }
}
