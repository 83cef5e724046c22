package io.myelin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.control.ControlLoop;
import io.myelin.http.ClientConfig;
import io.myelin.http.HttpRules;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessRecord;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.Protocol;
import io.myelin.model.RandomSource;
import io.myelin.net.SocketTypes;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.route.RouteConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProxyConfig;
import io.myelin.server.ProxyServer;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A proxy with one service, {@code web}, on a free port of loopback. */
public final class TestProxy implements AutoCloseable {
    private final ControlLoop control = new ControlLoop();
    private final ProxyServer server;
    private final Protocol protocol;
    private UpstreamConfig upstream = UpstreamConfig.DEFAULT;
    private ClientConfig client = ClientConfig.DEFAULT;
    private Duration clientTimeout = Duration.ofSeconds(30);
    private @Nullable AccessConfig accessLog;
    private final List<AccessRecord> records = new CopyOnWriteArrayList<>();
    private BalanceConfig balance = BalanceConfig.ROUND_ROBIN;
    private RouteConfig routes = RouteConfig.to("web");
    private HttpRules listenerRules = HttpRules.NONE;
    private HttpRules poolRules = HttpRules.NONE;
    private UnaryOperator<ListenerConfig.Builder> listenerChange = UnaryOperator.identity();
    private UnaryOperator<PoolConfig.Builder> poolChange = UnaryOperator.identity();
    private QueueConfig queue = QueueConfig.UNLIMITED;

    private TestProxy(Protocol protocol, Transport transport, int loops, Clock clock) {
        if (transport == Transport.IO_URING) {
            String whyNot = SocketTypes.IO_URING.whyNot();
            Assumptions.assumeTrue(whyNot.isEmpty(), () -> "no io_uring here: " + whyNot);
        }
        this.protocol = protocol;
        this.server = new ProxyServer(
                new ServerOptions(loops, transport),
                control,
                clock,
                RandomSource.SYSTEM,
                config -> (loop, record) -> records.add(record));
    }

    private TestProxy(Protocol protocol, Transport transport) {
        this(protocol, transport, 2, Clock.SYSTEM);
    }

    public static TestProxy http() {
        return of(Protocol.HTTP, Transport.AUTO);
    }

    /** Returns a proxy with one event loop, which reads {@code clock}. */
    public static TestProxy http(Clock clock) {
        return new TestProxy(Protocol.HTTP, Transport.AUTO, 1, clock);
    }

    /** Returns a proxy on the transport of this run, whose event loops read {@code clock}. */
    public static TestProxy httpOn(Clock clock) {
        return new TestProxy(Protocol.HTTP, TransportCondition.ofThisRun(), 2, clock);
    }

    public static TestProxy tcp() {
        return of(Protocol.TCP, Transport.AUTO);
    }

    /** Returns a proxy with one event loop, which reads {@code clock}. */
    public static TestProxy tcp(Clock clock) {
        return new TestProxy(Protocol.TCP, TransportCondition.ofThisRun(), 1, clock);
    }

    /** Returns a proxy on {@code transport}, where {@code AUTO} is that of this run of the tests. */
    public static TestProxy of(Protocol protocol, Transport transport) {
        return new TestProxy(protocol, transport == Transport.AUTO ? TransportCondition.ofThisRun() : transport);
    }

    public TestProxy with(UpstreamConfig newUpstream) {
        upstream = newUpstream;
        return this;
    }

    public TestProxy with(ClientConfig newClient) {
        client = newClient;
        return this;
    }

    public TestProxy withClientTimeout(Duration timeout) {
        clientTimeout = timeout;
        return this;
    }

    /** Keeps the records of what is over, for {@link #awaitRecords}. */
    public TestProxy with(AccessConfig newAccess) {
        accessLog = newAccess;
        return this;
    }

    /** Returns all records once there are that many. */
    public List<AccessRecord> awaitRecords(int count) {
        Await.until("there are " + count + " records: " + records, () -> records.size() >= count);
        assertThat(records).hasSize(count);
        return List.copyOf(records);
    }

    public TestProxy with(BalanceConfig newBalance) {
        balance = newBalance;
        return this;
    }

    /** Changes the listener beyond what the other methods do. */
    public TestProxy withListener(UnaryOperator<ListenerConfig.Builder> change) {
        listenerChange = change;
        return this;
    }

    /** Changes the pool beyond what the other methods do. */
    public TestProxy withPool(UnaryOperator<PoolConfig.Builder> change) {
        poolChange = change;
        return this;
    }

    public TestProxy with(QueueConfig newQueue) {
        queue = newQueue;
        return this;
    }

    public TestProxy with(RouteConfig newRoutes) {
        routes = newRoutes;
        return this;
    }

    /** Sets the rules of the listener and those of the pool. */
    public TestProxy withRules(HttpRules ofListener, HttpRules ofPool) {
        listenerRules = ofListener;
        poolRules = ofPool;
        return this;
    }

    /** Applies the configuration and offers the servers at these ports. */
    public TestProxy start(int... memberPorts) {
        assertThat(apply()).allSatisfy(status -> assertThat(status.error()).isNull());
        offer(memberPorts);
        return this;
    }

    /** Applies the configuration, without members, and returns what became of the listener's addresses. */
    public List<ListenerStatus> apply() {
        PoolConfig.Builder pool = PoolConfig.named("web")
                .with()
                .balance(balance)
                .upstream(upstream)
                .queue(queue);
        ListenerConfig.Builder listener = ListenerConfig.of(
                        "web", List.of(new BindAddress("127.0.0.1", 0)), protocol, routes)
                .with()
                .clientTimeout(clientTimeout)
                .client(client)
                .rules(listenerRules)
                .accessLog(accessLog);
        ProxyConfig config = new ProxyConfig(
                List.of(poolChange.apply(pool).build()),
                List.of(listenerChange.apply(listener).build()),
                0,
                Map.of("web", poolRules));
        return server.apply(config).toCompletableFuture().join();
    }

    /** Replaces the members; returns once traffic goes to them. */
    public void offer(int... memberPorts) {
        offer(IntStream.of(memberPorts)
                .mapToObj(port -> Endpoint.of("", "127.0.0.1", port))
                .toList());
    }

    /** Replaces the members; returns once traffic goes to them. */
    public void offer(List<Endpoint> endpoints) {
        pool().replace(new EndpointSet("web", endpoints, "test"));
        if (!endpoints.isEmpty()) {
            Await.until(
                    "the members are " + endpoints,
                    () -> pool().snapshot().members().size() == endpoints.size()
                            && pool().snapshot().members().stream()
                                    .allMatch(member -> endpoints.contains(member.endpoint())));
        }
    }

    public Pool pool() {
        Pool pool = server.pool("web");
        if (pool == null) {
            throw new IllegalStateException("the proxy was not started");
        }
        return pool;
    }

    public ProxyServer server() {
        return server;
    }

    public int port() {
        return server.listeners().get(0).boundPort();
    }

    /** Waits until no exchange or tunnel is in flight. */
    public void awaitQuiet() {
        Await.until("nothing is in flight", () -> pool().total(PoolCounter.IN_FLIGHT) == 0);
    }

    @Override
    public void close() {
        server.close();
        control.close();
    }
}
