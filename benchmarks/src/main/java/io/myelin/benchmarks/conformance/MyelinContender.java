package io.myelin.benchmarks.conformance;

import io.myelin.control.ControlLoop;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.http.RequestIdConfig;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.Protocol;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.route.RouteConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProxyConfig;
import io.myelin.server.ProxyServer;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Myelin in this process, with its defaults but for times and the forwarding fields, which are off. */
final class MyelinContender implements Contender {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LOOPS = 2;

    private final Duration timeout;
    private final ControlLoop control = new ControlLoop();
    private final ProxyServer server =
            new ProxyServer(new ServerOptions(LOOPS, Transport.AUTO), control, Clock.SYSTEM, RandomSource.SYSTEM);

    MyelinContender() {
        this(Duration.ofSeconds(TIMEOUT_SECONDS));
    }

    /** Creates one that gives up on clients and members that are silent for that long. */
    MyelinContender(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public String name() {
        return "Myelin";
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public List<Integer> start(List<Integer> memberPorts) throws IOException, InterruptedException {
        List<PoolConfig> pools = new ArrayList<>();
        List<ListenerConfig> listeners = new ArrayList<>();
        for (int port : memberPorts) {
            pools.add(poolConfig(nameOf(port)));
            listeners.add(listener(nameOf(port)));
        }
        List<ListenerStatus> bound = server.apply(new ProxyConfig(pools, listeners))
                .toCompletableFuture()
                .join();
        Map<String, Integer> ports = new HashMap<>();
        for (ListenerStatus status : bound) {
            if (status.error() != null) {
                throw new IOException(status.listener() + " does not listen: " + status.error());
            }
            ports.put(status.listener(), status.boundPort());
        }
        CountDownLatch offered = new CountDownLatch(memberPorts.size());
        for (int port : memberPorts) {
            offer(port, offered);
        }
        if (!offered.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException(offered.getCount() + " pools have no member after " + PATIENCE.toSeconds() + " s");
        }
        return memberPorts.stream()
                .map(port -> ports.getOrDefault(nameOf(port), 0))
                .toList();
    }

    /** Gives the case its member; counts {@code offered} down with the first snapshot that has it. */
    private void offer(int memberPort, CountDownLatch offered) {
        Pool pool = pool(memberPort);
        pool.observe((changed, before, after) -> {
            if (before.members().isEmpty() && !after.members().isEmpty()) {
                offered.countDown();
            }
        });
        pool.replace(new EndpointSet(pool.name(), List.of(Endpoint.of("", "127.0.0.1", memberPort)), "conformance"));
    }

    /** Returns the pools of all cases. */
    List<Pool> pools() {
        return server.pools();
    }

    /** Returns the pool whose member is at that port. */
    Pool pool(int memberPort) {
        Pool pool = server.pool(nameOf(memberPort));
        if (pool == null) {
            throw new IllegalStateException("no pool " + nameOf(memberPort));
        }
        return pool;
    }

    private static String nameOf(int memberPort) {
        return "case-" + memberPort;
    }

    private PoolConfig poolConfig(String name) {
        UpstreamConfig upstream =
                UpstreamConfig.DEFAULT.with().serverTimeout(timeout).build();
        return PoolConfig.named(name).with().upstream(upstream).build();
    }

    private ListenerConfig listener(String name) {
        ClientConfig client = ClientConfig.DEFAULT
                .with()
                .requestTimeout(timeout)
                .forwardedFor(ForwardedFor.OFF)
                .requestId(RequestIdConfig.OFF)
                .build();
        return ListenerConfig.of(name, List.of(new BindAddress("127.0.0.1", 0)), Protocol.HTTP, RouteConfig.to(name))
                .with()
                .clientTimeout(timeout)
                .client(client)
                .build();
    }

    @Override
    public void close() {
        server.close();
        control.close();
    }
}
