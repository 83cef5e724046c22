package io.myelin.benchmarks.conformance;

import io.myelin.control.ControlLoop;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.Protocol;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.route.RouteConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProxyConfig;
import io.myelin.server.ProxyServer;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A proxy that understands nothing of HTTP and passes every byte on. */
final class RelayContender implements Contender {
    private final Duration patience;
    private final ControlLoop control = new ControlLoop();
    private final ProxyServer server =
            new ProxyServer(new ServerOptions(1, Transport.AUTO), control, Clock.SYSTEM, RandomSource.SYSTEM);

    RelayContender(Duration patience) {
        this.patience = patience;
    }

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public List<Integer> start(List<Integer> memberPorts) {
        List<String> names = memberPorts.stream().map(port -> "relay-" + port).toList();
        List<ListenerStatus> bound = server.apply(new ProxyConfig(
                        names.stream().map(PoolConfig::named).toList(),
                        names.stream().map(RelayContender::listener).toList()))
                .toCompletableFuture()
                .join();
        Map<String, Integer> ports = new HashMap<>();
        bound.forEach(status -> ports.put(status.listener(), status.boundPort()));
        memberPorts.forEach(this::offer);
        return names.stream().map(name -> ports.getOrDefault(name, 0)).toList();
    }

    private static ListenerConfig listener(String name) {
        return ListenerConfig.of(name, List.of(new BindAddress("127.0.0.1", 0)), Protocol.TCP, RouteConfig.to(name));
    }

    private void offer(int port) {
        Pool pool = server.pool("relay-" + port);
        if (pool == null) {
            throw new IllegalStateException("no pool");
        }
        pool.replace(new EndpointSet(pool.name(), List.of(Endpoint.of("", "127.0.0.1", port)), "test"));
        Await.until("the member is there", () -> !pool.snapshot().members().isEmpty());
    }

    @Override
    public void close() {
        server.close();
        control.close();
    }
}
