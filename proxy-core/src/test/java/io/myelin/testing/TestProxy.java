package io.myelin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.control.ControlLoop;
import io.myelin.http.ClientConfig;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessRecord;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.Protocol;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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

    private TestProxy(Protocol protocol, Transport transport) {
        this.protocol = protocol;
        this.server = new ProxyServer(
                new ServerOptions(2, transport),
                control,
                Clock.SYSTEM,
                RandomSource.SYSTEM,
                config -> (loop, record) -> records.add(record));
    }

    public static TestProxy http() {
        return new TestProxy(Protocol.HTTP, Transport.AUTO);
    }

    public static TestProxy tcp() {
        return new TestProxy(Protocol.TCP, Transport.AUTO);
    }

    public static TestProxy of(Protocol protocol, Transport transport) {
        return new TestProxy(protocol, transport);
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

    /** Applies the configuration and offers the servers at these ports. */
    public TestProxy start(int... memberPorts) {
        PoolConfig pool = PoolConfig.named("web")
                .with()
                .balance(balance)
                .upstream(upstream)
                .build();
        ListenerConfig listener = ListenerConfig.of(
                        "web", List.of(new BindAddress("127.0.0.1", 0)), protocol, RouteConfig.to("web"))
                .with()
                .clientTimeout(clientTimeout)
                .client(client)
                .accessLog(accessLog)
                .build();
        List<ListenerStatus> bound = server.apply(new ProxyConfig(List.of(pool), List.of(listener)))
                .toCompletableFuture()
                .join();
        assertThat(bound).allSatisfy(status -> assertThat(status.error()).isNull());
        offer(memberPorts);
        return this;
    }

    /** Replaces the members; returns once traffic goes to them. */
    public void offer(int... memberPorts) {
        List<Endpoint> endpoints = IntStream.of(memberPorts)
                .mapToObj(port -> Endpoint.of("", "127.0.0.1", port))
                .toList();
        pool().replace(new EndpointSet("web", endpoints, "test"));
        if (memberPorts.length > 0) {
            Await.until(
                    "the members are " + endpoints,
                    () -> pool().snapshot().members().size() == memberPorts.length
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
