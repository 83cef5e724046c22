package io.myelin.server;

import io.myelin.failure.Failure;
import io.myelin.http.ClientConnection;
import io.myelin.http.HttpSettings;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessLog;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.net.ListenerCounter;
import io.myelin.net.ListenerLoad;
import io.myelin.pool.Pool;
import io.myelin.route.RouteTable;
import io.myelin.tcp.TcpSettings;
import io.myelin.tcp.Tunnel;
import io.netty.channel.socket.DuplexChannel;
import java.util.List;
import java.util.Map;
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
    private final List<BoundAddress> addresses;
    private final ListenerLoad[] loads;
    private final DataPlane plane;
    private volatile Settings settings;

    /** What connections are given; one of the two, by protocol. */
    private record Settings(
            @Nullable HttpSettings http, @Nullable TcpSettings tcp) {}

    Listener(ListenerConfig config, Map<String, Pool> pools, DataPlane plane) {
        this.name = config.name();
        this.protocol = config.protocol();
        this.plane = plane;
        this.loads = Stream.generate(ListenerLoad::new)
                .limit(plane.loops().all().size())
                .toArray(ListenerLoad[]::new);
        this.settings = settings(config, pools);
        this.addresses = config.addresses().stream()
                .map(address -> new BoundAddress(address, plane.loops(), this::accept))
                .toList();
    }

    /** Returns whether {@code config} asks for the sockets that this listener has. */
    boolean fits(ListenerConfig config) {
        return config.protocol() == protocol
                && config.addresses()
                        .equals(addresses.stream().map(BoundAddress::configured).toList());
    }

    void reconfigure(ListenerConfig config, Map<String, Pool> pools) {
        settings = settings(config, pools);
    }

    private Settings settings(ListenerConfig config, Map<String, Pool> pools) {
        RouteTable routes = RouteTable.of(config.routes(), pools);
        long clientTimeoutNanos = config.clientTimeout().toNanos();
        Pool only = routes.only();
        AccessLog accessLog = accessLog(config.accessLog());
        if (config.protocol() == Protocol.TCP) {
            if (only == null) {
                throw new IllegalArgumentException(
                        "listener " + config.name() + ": routes (expected: one pool only, for TCP)");
            }
            return new Settings(null, new TcpSettings(only, clientTimeoutNanos, accessLog));
        }
        return new Settings(
                new HttpSettings(config.name(), routes, config.client(), clientTimeoutNanos, accessLog), null);
    }

    private @Nullable AccessLog accessLog(@Nullable AccessConfig config) {
        return config == null ? null : new AccessLog(name, config, plane.accessSink(config), this::openConnections);
    }

    /** Binds every address that is not bound. Completes when each is bound or has failed; never exceptionally. */
    CompletableFuture<Void> open() {
        return CompletableFuture.allOf(
                addresses.stream().map(BoundAddress::bind).toArray(CompletableFuture<?>[]::new));
    }

    /** Gives an accepted connection its handler; runs on the loop that will own the connection. */
    private void accept(DuplexChannel channel, int loop) {
        Settings now = settings;
        HttpSettings http = now.http();
        TcpSettings tcp = now.tcp();
        if (http != null) {
            channel.pipeline()
                    .addLast("http", new ClientConnection(plane.http(loop), this::httpSettings, loads[loop], channel));
        } else if (tcp != null) {
            channel.config().setAutoRead(false);
            Tunnel tunnel = new Tunnel(plane.loops().all().get(loop), plane.connector(loop), tcp, loads[loop], channel);
            channel.pipeline().addLast("tunnel", tunnel.clientHandler());
        }
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
        return CompletableFuture.allOf(
                addresses.stream().map(BoundAddress::close).toArray(CompletableFuture<?>[]::new));
    }

    /** Asks open connections to end when they can; any thread. */
    void drain() {
        plane.onEachLoop(loop -> loads[loop.index()].drain());
    }

    /** Ends open connections now; any thread. */
    void cut() {
        plane.onEachLoop(loop -> loads[loop.index()].cut());
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
                        address.boundPort(),
                        protocol,
                        openConnections(),
                        total(ListenerCounter.ACCEPTED),
                        address.error()))
                .toList();
    }
}
