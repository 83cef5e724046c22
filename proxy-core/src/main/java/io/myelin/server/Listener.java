package io.myelin.server;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.http.ClientConnection;
import io.myelin.http.HttpRules;
import io.myelin.http.HttpSettings;
import io.myelin.http.RuleTable;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessLog;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.net.ConnectionEnds;
import io.myelin.net.EntranceConfig;
import io.myelin.net.EntranceHandler;
import io.myelin.net.ListenerCounter;
import io.myelin.net.ListenerLoad;
import io.myelin.net.Loop;
import io.myelin.pool.Pool;
import io.myelin.route.RouteConfig;
import io.myelin.route.RouteTable;
import io.myelin.tcp.TcpSettings;
import io.myelin.tcp.Tunnel;
import io.myelin.tls.HandshakeHandler;
import io.myelin.tls.TlsIdentity;
import io.myelin.tls.TlsLoad;
import io.myelin.tls.TlsSession;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One listener at all of its addresses: turns accepted connections into HTTP connections or tunnels.
 *
 * <p>The control thread opens, reconfigures and closes it; event loops read what it wants of connections.
 */
@OwnedBy(Owner.CONTROL)
final class Listener {
    private final String name;
    private final Protocol protocol;
    private volatile List<BoundAddress> addresses;
    private final ListenerLoad[] loads;
    private final DataPlane plane;
    private volatile Settings settings;
    private volatile List<ConnectionLimit> limits = List.of();
    private volatile int maxConnections;
    private @Nullable ConnectionLimit own;

    /**
     * What connections are given.
     *
     * @param http what HTTP connections are given, {@code null} with TCP
     * @param tcp what tunnels are given, {@code null} with HTTP
     * @param tcpRoutes which pool takes which tunnel, {@code null} if that of {@code tcp} takes all
     * @param guarded whether {@code entrance} has rules for all connections
     */
    private record Settings(
            @Nullable HttpSettings http,
            @Nullable TcpSettings tcp,
            @Nullable RouteTable tcpRoutes,
            EntranceConfig entrance,
            boolean guarded,
            boolean tcpKeepAlive) {}

    Listener(
            ListenerConfig config,
            Map<String, Pool> pools,
            Map<Pool, HttpRules> rules,
            DataPlane plane,
            @Nullable ConnectionLimit ofProcess) {
        this.name = config.name();
        this.protocol = config.protocol();
        this.plane = plane;
        this.loads = Stream.generate(ListenerLoad::new)
                .limit(plane.loops().all().size())
                .toArray(ListenerLoad[]::new);
        this.settings = settings(config, pools, rules);
        limit(config.maxConnections(), ofProcess);
        this.addresses = config.addresses().stream().map(this::newAddress).toList();
    }

    private BoundAddress newAddress(BindAddress address) {
        Door door = new Door(name, this, plane.clock(), loads.length);
        door.want(address.options().tls());
        return new BoundAddress(address, plane.loops(), door);
    }

    /** Takes up what follows from the passing of time alone: certificates that have changed or are about to expire. */
    void onTick() {
        addresses.forEach(BoundAddress::refresh);
    }

    /** Returns whether {@code config} asks for a socket that this listener has, so that it is to keep what it has. */
    boolean fits(ListenerConfig config) {
        return config.protocol() == protocol
                && addresses.stream()
                        .anyMatch(address -> config.addresses().stream().anyMatch(address::serves));
    }

    /**
     * Takes on settings and addresses; sockets at addresses that stay are kept, and every connection. Binds nothing.
     *
     * @return what completes, normally, once the ports of addresses that go are free
     */
    CompletableFuture<Void> reconfigure(
            ListenerConfig config,
            Map<String, Pool> pools,
            Map<Pool, HttpRules> rules,
            @Nullable ConnectionLimit ofProcess) {
        settings = settings(config, pools, rules);
        limit(config.maxConnections(), ofProcess);
        return settle(config.addresses());
    }

    private CompletableFuture<Void> settle(List<BindAddress> wanted) {
        List<BoundAddress> going = new ArrayList<>(addresses);
        List<BoundAddress> next = new ArrayList<>();
        for (BindAddress address : wanted) {
            Optional<BoundAddress> there =
                    going.stream().filter(one -> one.serves(address)).findFirst();
            there.ifPresent(going::remove);
            there.ifPresent(one -> one.reconfigure(address));
            next.add(there.orElseGet(() -> newAddress(address)));
        }
        addresses = List.copyOf(next);
        return close(going);
    }

    /**
     * Limits connections to come. Those that are open when the first limit is set do not count.
     *
     * @param ofProcess what all listeners have to fit into together, {@code null} for nothing
     */
    private void limit(int newMaxConnections, @Nullable ConnectionLimit ofProcess) {
        maxConnections = newMaxConnections;
        int limit = newMaxConnections == 0 ? Integer.MAX_VALUE : newMaxConnections;
        ConnectionLimit existing = own;
        if (existing != null) {
            existing.limit(limit);
        } else if (newMaxConnections > 0) {
            own = new ConnectionLimit(limit);
        }
        limits = Stream.of(Optional.ofNullable(ofProcess), Optional.ofNullable(own))
                .flatMap(Optional::stream)
                .toList();
    }

    private Settings settings(ListenerConfig config, Map<String, Pool> pools, Map<Pool, HttpRules> rules) {
        RouteTable routes = RouteTable.of(config.routes(), pools);
        long clientTimeoutNanos = config.clientTimeout().toNanos();
        AccessLog accessLog = accessLog(config.accessLog());
        if (config.protocol() == Protocol.TCP) {
            Pool fallback = routes.fallback();
            if (fallback == null) {
                throw new IllegalArgumentException(
                        "listener " + config.name() + ": no default pool (expected: one, for TCP)");
            }
            TcpSettings tcp = new TcpSettings(fallback, clientTimeoutNanos, config.access(), accessLog);
            return settings(config, null, tcp, routes.only() == null ? routes : null);
        }
        RuleTable table =
                RuleTable.of(config.name(), config.rules(), config.routeRules(), rulesOf(config, pools, rules), pools);
        HttpSettings http = new HttpSettings(
                config.name(), routes, config.client(), clientTimeoutNanos, config.access(), table, accessLog);
        return settings(config, http, null, null);
    }

    /** Returns the rules of the pools that the listener routes to. */
    private static Map<Pool, HttpRules> rulesOf(
            ListenerConfig config, Map<String, Pool> pools, Map<Pool, HttpRules> rules) {
        Map<Pool, HttpRules> reachable = new HashMap<>();
        Stream.concat(
                        config.routes().routes().stream().map(RouteConfig.Route::pool),
                        Stream.ofNullable(config.routes().defaultPool()))
                .map(pools::get)
                .filter(rules::containsKey)
                .forEach(pool -> reachable.put(pool, rules.getOrDefault(pool, HttpRules.NONE)));
        return reachable;
    }

    private static Settings settings(
            ListenerConfig config,
            @Nullable HttpSettings http,
            @Nullable TcpSettings tcp,
            @Nullable RouteTable tcpRoutes) {
        EntranceConfig entrance = config.entrance();
        return new Settings(http, tcp, tcpRoutes, entrance, entrance.hasRules(), config.tcpKeepAlive());
    }

    private @Nullable AccessLog accessLog(@Nullable AccessConfig config) {
        return config == null ? null : new AccessLog(name, config, plane.accessSink(config), this::openConnections);
    }

    /** Binds every address that is not bound. Completes when each is bound or has failed; never exceptionally. */
    CompletableFuture<Void> open() {
        return CompletableFuture.allOf(
                addresses.stream().map(BoundAddress::bind).toArray(CompletableFuture<?>[]::new));
    }

    /** Returns the limits that a connection has to fit into; any thread. */
    List<ConnectionLimit> limits() {
        return limits;
    }

    ListenerLoad load(int loop) {
        return loads[loop];
    }

    /** Equips a connection that was accepted, which begins with TLS if there is {@code tls}. */
    void adopt(DuplexChannel channel, int loop, boolean acceptProxy, @Nullable Encryption tls) {
        Settings now = settings;
        if (now.tcpKeepAlive()) {
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        Loop owner = plane.loops().all().get(loop);
        if (acceptProxy || now.guarded()) {
            channel.pipeline()
                    .addLast(
                            "entrance",
                            new EntranceHandler(
                                    owner, now.entrance(), acceptProxy, loads[loop], new Welcome(channel, loop, tls)));
            return;
        }
        if (tls != null) {
            channel.pipeline().addLast("tls", tls.identity().newHandler(channel.alloc()));
        }
        channel.pipeline().addLast("client", first(channel, loop, null, tls));
    }

    /** How one connection is encrypted. */
    record Encryption(TlsIdentity identity, TlsLoad load) {}

    /** Gives a connection what it needs once it was let in. */
    private final class Welcome implements EntranceHandler.Host {
        private final DuplexChannel channel;
        private final int loop;
        private final @Nullable Encryption tls;

        Welcome(DuplexChannel channel, int loop, @Nullable Encryption tls) {
            this.channel = channel;
            this.loop = loop;
            this.tls = tls;
        }

        @Override
        public @Nullable ChannelHandler encryption() {
            return tls == null ? null : tls.identity().newHandler(channel.alloc());
        }

        @Override
        public ChannelHandler welcome(@Nullable ConnectionEnds told) {
            return first(channel, loop, told, tls);
        }
    }

    /** Returns what serves a connection, or what waits for its handshake. */
    private ChannelHandler first(
            DuplexChannel channel, int loop, @Nullable ConnectionEnds told, @Nullable Encryption tls) {
        if (tls == null) {
            return handler(channel, loop, told);
        }
        return new HandshakeHandler(
                plane.loops().all().get(loop),
                loads[loop],
                tls.load(),
                tls.identity().config().handshakeTimeout(),
                told,
                () -> handler(channel, loop, told));
    }

    /** Returns what serves a connection that was let in. */
    private ChannelHandler handler(DuplexChannel channel, int loop, @Nullable ConnectionEnds told) {
        Settings now = settings;
        TcpSettings tcp = now.tcp();
        if (tcp == null) {
            return new ClientConnection(plane.http(loop), this::httpSettings, loads[loop], channel, told);
        }
        Loop owner = plane.loops().all().get(loop);
        TcpSettings routed = now.tcpRoutes() == null ? tcp : routed(tcp, now.tcpRoutes(), channel, told);
        return new Tunnel(owner, plane.connector(loop), routed, loads[loop], channel, told).clientHandler();
    }

    private static TcpSettings routed(
            TcpSettings tcp, RouteTable routes, DuplexChannel channel, @Nullable ConnectionEnds told) {
        Pool pool = routes.route(
                new ConnectionView(told == null ? ConnectionEnds.of(channel) : told, TlsSession.of(channel)));
        return pool == null ? tcp : tcp.to(pool);
    }

    private HttpSettings httpSettings() {
        HttpSettings http = settings.http();
        if (http == null) {
            throw new IllegalStateException("listener " + name + " speaks " + protocol + " (expected: HTTP)");
        }
        return http;
    }

    /** Stops accepting for good; completes, normally, once its ports are free. */
    CompletableFuture<Void> close() {
        return close(addresses);
    }

    private static CompletableFuture<Void> close(List<BoundAddress> going) {
        return CompletableFuture.allOf(going.stream().map(BoundAddress::close).toArray(CompletableFuture<?>[]::new));
    }

    /** Asks open connections to end when they can; any thread. */
    void drain() {
        plane.onEachLoop(loop -> loads[loop.index()].drain());
    }

    /** Ends open connections now; any thread. */
    void cut() {
        plane.onEachLoop(loop -> loads[loop.index()].cut());
    }

    /** Ends what {@code members} have in progress; any thread. */
    void endFrom(Set<Member> members) {
        plane.onEachLoop(loop -> loads[loop.index()].endFrom(members));
    }

    /** Returns how many connections are open; any thread. */
    long openConnections() {
        return total(ListenerCounter.OPEN);
    }

    long failures(Failure failure) {
        long sum = 0;
        for (ListenerLoad load : loads) {
            sum += load.failures().read(failure);
        }
        return sum;
    }

    private ConnectionRoom room() {
        return new ConnectionRoom(maxConnections, total(ListenerCounter.WAITING), total(ListenerCounter.WAITED));
    }

    /** Returns how many requests were redirected before they belonged to a pool; any thread. */
    long redirects() {
        return total(ListenerCounter.REDIRECTS);
    }

    private long total(ListenerCounter counter) {
        long sum = 0;
        for (ListenerLoad load : loads) {
            sum += load.counters().read(counter);
        }
        return sum;
    }

    /** Returns the state of every address; any thread. */
    List<ListenerStatus> status() {
        return addresses.stream()
                .map(address -> new ListenerStatus(
                        name,
                        address.configured(),
                        address.listening(),
                        address.boundPort(),
                        protocol,
                        openConnections(),
                        total(ListenerCounter.ACCEPTED),
                        room(),
                        address.tls(),
                        address.error()))
                .toList();
    }
}
