package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.Protocol;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.route.RouteConfig;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import io.myelin.testing.Gate;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More clients than a listener, or the process, may have. */
@Timeout(60)
@Tag("sockets")
class ConnectionFloodTest {
    private static final String LAST = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";

    private final Gate gate = new Gate();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final LoopbackBackend backend = LoopbackBackend.running(conversation -> {
        while (!conversation.readRequest().isEmpty()) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            gate.pass();
            atOnce.decrementAndGet();
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        gate.open();
        for (RawClient client : clients) {
            client.close();
        }
        backend.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void aThousandClientsAreServedFiftyAtATime(Transport transport) throws IOException {
        try (TestProxy proxy = TestProxy.of(Protocol.HTTP, transport)) {
            int port = apply(proxy, 0, 50).get(0);
            for (int i = 0; i < 1_000; i++) {
                clients.add(RawClient.to(port).send(LAST));
            }
            Await.until("fifty are being served", () -> atOnce.get() == 50);
            Await.until("others wait", () -> room(proxy).waiting() > 0);

            assertThat(status(proxy).openConnections()).isEqualTo(50);
            assertThat(room(proxy).limit()).isEqualTo(50);
            gate.open();
            for (RawClient client : clients) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            assertThat(mostAtOnce).hasValue(50);
            Await.until("all are gone", () -> status(proxy).openConnections() == 0);
            assertThat(room(proxy).waiting()).isZero();
            assertThat(room(proxy).waited()).isPositive();
            assertThat(status(proxy).acceptedConnections()).isEqualTo(1_000);
        }
    }

    @Test
    void allListenersShareTheLimitOfTheProcess() throws IOException {
        try (TestProxy proxy = TestProxy.http()) {
            List<Integer> ports = apply(proxy, 7, 5, 5);
            for (int i = 0; i < 60; i++) {
                clients.add(RawClient.to(ports.get(i % 2)).send(LAST));
            }
            Await.until("seven are being served", () -> atOnce.get() == 7);

            assertThat(proxy.server().connections()).isEqualTo(new ProcessConnections(7, 7));
            gate.open();
            for (RawClient client : clients) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            assertThat(mostAtOnce).hasValue(7);
            Await.until("all are gone", () -> proxy.server().connections().equals(new ProcessConnections(0, 7)));
        }
    }

    @Test
    void aHigherLimitLetsMoreInAtOnce() throws IOException {
        try (TestProxy proxy = TestProxy.http()) {
            int port = apply(proxy, 0, 1).get(0);
            for (int i = 0; i < 12; i++) {
                clients.add(RawClient.to(port).send(LAST));
            }
            Await.until("one is being served", () -> atOnce.get() == 1);
            Await.until("others wait", () -> room(proxy).waiting() > 0);
            assertThat(apply(proxy, 0, 4)).containsExactly(port);
            Await.until("four are being served", () -> atOnce.get() == 4);

            assertThat(apply(proxy, 0, 0)).containsExactly(port);
            Await.until("all are being served", () -> atOnce.get() == 12);
            assertThat(room(proxy).waiting()).isZero();
            assertThat(room(proxy).limit()).isZero();
        }
    }

    @Test
    void aListenerThatLeavesHangsUpOnThoseWhoWait() throws IOException {
        try (TestProxy proxy = TestProxy.http()) {
            int port = apply(proxy, 0, 1).get(0);
            RawClient served = client(port).send(LAST);
            Await.until("one is being served", () -> atOnce.get() == 1);
            for (int i = 0; i < 12; i++) {
                clients.add(RawClient.to(port));
            }
            Await.until("others wait", () -> room(proxy).waiting() > 0);
            ListenerStatus before = status(proxy);
            apply(proxy, 0);

            assertThat(before.openConnections()).isEqualTo(1);
            for (RawClient waiting : clients.subList(1, clients.size())) {
                assertThat(endsSomehow(waiting)).isTrue();
            }
            gate.open();
            assertThat(served.readResponse().status()).isEqualTo(200);
        }
    }

    /** Returns whether the connection ends, in order or by a reset. */
    private static boolean endsSomehow(RawClient client) {
        try {
            return client.ended();
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError("did not end", e);
        }
    }

    private RawClient client(int port) throws IOException {
        RawClient client = RawClient.to(port);
        clients.add(client);
        return client;
    }

    /** Applies one listener for each of the limits, and returns where they listen. */
    private List<Integer> apply(TestProxy proxy, int ofProcess, int... limits) {
        List<ListenerConfig> listeners = new ArrayList<>();
        for (int i = 0; i < limits.length; i++) {
            listeners.add(ListenerConfig.of(
                            "listener-" + i,
                            List.of(new BindAddress("127.0.0.1", 0)),
                            Protocol.HTTP,
                            RouteConfig.to("web"))
                    .with()
                    .maxConnections(limits[i])
                    .build());
        }
        List<ListenerStatus> bound = proxy.server()
                .apply(new ProxyConfig(List.of(PoolConfig.named("web")), listeners, ofProcess, Map.of()))
                .toCompletableFuture()
                .join();
        Pool pool = proxy.pool();
        pool.replace(new EndpointSet("web", List.of(Endpoint.of("", "127.0.0.1", backend.port())), "test"));
        Await.until("there is a member", () -> !pool.snapshot().eligible().isEmpty());
        return bound.stream().map(ListenerStatus::boundPort).toList();
    }

    private static ListenerStatus status(TestProxy proxy) {
        return proxy.server().listeners().get(0);
    }

    private static ConnectionRoom room(TestProxy proxy) {
        return status(proxy).room();
    }
}
