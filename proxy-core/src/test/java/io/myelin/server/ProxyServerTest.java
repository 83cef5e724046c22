package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.failure.Failure;
import io.myelin.model.Protocol;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Match;
import io.myelin.route.RouteConfig;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
@Tag("sockets")
class ProxyServerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    @ParameterizedTest
    @EnumSource(Transport.class)
    void everyTransportCarriesHttp(Transport transport) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                TestProxy proxy = TestProxy.of(Protocol.HTTP, transport).start(backend.port())) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
                    assertThat(client.send(GET).endOutput().readToEnd()).endsWith("x");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void everyTransportCarriesTcp(Transport transport) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(
                        conversation -> conversation.write(conversation.in().readAllBytes()));
                TestProxy proxy = TestProxy.of(Protocol.TCP, transport).start(backend.port())) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.send("echo").endOutput().readToEnd()).isEqualTo("echo");
                }
            }
        }
    }

    @Test
    void aPortInUseHarmsItsListenerOnlyAndIsTriedAgain() throws IOException {
        try (TestProxy proxy = TestProxy.http();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<ListenerConfig> listeners = List.of(listener("a", taken.getLocalPort()), listener("b", 0));
            ProxyConfig config = new ProxyConfig(List.of(PoolConfig.named("web")), listeners);
            List<ListenerStatus> first = apply(proxy, config);

            assertThat(first.get(0).error()).isEqualTo("address already in use (expected: a free port)");
            assertThat(first.get(0).boundPort()).isZero();
            assertThat(first.get(1).error()).isNull();

            int port = first.get(1).boundPort();
            free(taken);
            List<ListenerStatus> second = apply(proxy, config);
            assertThat(second.get(0).error()).isNull();
            assertThat(second.get(0).boundPort()).isEqualTo(taken.getLocalPort());
            assertThat(second.get(1).boundPort()).isEqualTo(port);
        }
    }

    @Test
    void anAddressMoreOrLessLeavesTheOthersAndTheirConnections() throws IOException {
        BindAddress first = new BindAddress("127.0.0.1", 0);
        BindAddress second = new BindAddress("127.0.0.2", 0);
        try (TestProxy proxy = TestProxy.http()) {
            int kept = apply(proxy, at(first)).get(0).boundPort();
            try (RawClient client = RawClient.to(kept)) {
                assertThat(client.send(GET).readResponse().header("X-Myelin-Failure"))
                        .isEqualTo("no_member");

                List<ListenerStatus> two = apply(proxy, at(second, first));
                assertThat(two).extracting(ListenerStatus::configured).containsExactly(second, first);
                assertThat(two).allMatch(ListenerStatus::listening);
                assertThat(two.get(1).boundPort()).isEqualTo(kept);

                List<ListenerStatus> one = apply(proxy, at(first));
                assertThat(one).extracting(ListenerStatus::boundPort).containsExactly(kept);
                assertThat(client.send(GET).readResponse().header("X-Myelin-Failure"))
                        .isEqualTo("no_member");

                apply(proxy, at(second));
                Await.until("nobody listens at the address that went", () -> refuses(kept));
                assertThat(client.ended()).isTrue();
            }
        }
    }

    private static ProxyConfig at(BindAddress... addresses) {
        return new ProxyConfig(
                List.of(PoolConfig.named("web")),
                List.of(ListenerConfig.of("web", List.of(addresses), Protocol.HTTP, RouteConfig.to("web"))));
    }

    @Test
    void twoProxiesNeverShareAPort() {
        try (TestProxy first = TestProxy.http().start();
                TestProxy second = TestProxy.http()) {
            ProxyConfig config =
                    new ProxyConfig(List.of(PoolConfig.named("web")), List.of(listener("web", first.port())));

            assertThat(apply(second, config).get(0).error()).contains("in use");
        }
    }

    @Test
    void aRequestThatNoRouteTakesIs503AndCounted() throws IOException {
        try (TestProxy proxy = TestProxy.http()) {
            Condition other = new Condition.Text(Part.HOST, Match.EXACT, true, List.of("other"));
            ListenerConfig frontend = ListenerConfig.of(
                            "frontend",
                            List.of(new BindAddress("127.0.0.1", 0)),
                            Protocol.HTTP,
                            new RouteConfig(List.of(new Route(other, "web")), null))
                    .with()
                    .clientTimeout(Duration.ZERO)
                    .build();
            apply(proxy, new ProxyConfig(List.of(PoolConfig.named("web")), List.of(frontend)));
            try (RawClient client = RawClient.to(proxy.port())) {
                assertThat(client.send(GET).readResponse().header("X-Myelin-Failure"))
                        .isEqualTo("no_route");
                assertThat(client.send("GET / HTTP/1.1\r\nHost: OTHER\r\n\r\n")
                                .readResponse()
                                .header("X-Myelin-Failure"))
                        .isEqualTo("no_member");
            }
            assertThat(proxy.server().unrouted(Failure.NO_ROUTE)).isEqualTo(1);
        }
    }

    @Test
    void drainingEndsIdleConnectionsAndLetsOthersFinish() throws IOException, InterruptedException {
        CountDownLatch draining = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    await(draining);
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
                });
                TestProxy proxy = TestProxy.http().start(backend.port());
                RawClient idle = RawClient.to(proxy.port());
                RawClient busy = RawClient.to(proxy.port())) {
            int port = proxy.port();
            busy.send(GET);
            backend.awaitRequest();
            Await.until("both are known", () -> proxy.server().openConnections() == 2);
            CompletableFuture<Integer> drained =
                    proxy.server().drain(Duration.ofSeconds(10)).toCompletableFuture();

            assertThat(idle.ended()).isTrue();
            assertThat(drained).isNotDone();
            Await.until("no new connection is taken", () -> refuses(port));
            draining.countDown();
            RawClient.Response response = busy.readResponse();
            assertThat(response.body()).isEqualTo("done");
            assertThat(response.header("Connection")).isEqualTo("close");
            busy.hangUp();
            assertThat(drained.join()).isZero();
        }
    }

    @Test
    void whatDoesNotFinishWithinTheDrainLimitIsCutAndCounted() throws IOException, InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    await(over);
                });
                TestProxy proxy = TestProxy.http().start(backend.port());
                RawClient client = RawClient.to(proxy.port())) {
            client.send(GET);
            backend.awaitRequest();

            assertThat(proxy.server()
                            .drain(Duration.ofMillis(100))
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(1);
            assertThat(client.ended()).isTrue();
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.PROXY_STOPPED)).isEqualTo(1);
            over.countDown();
        }
    }

    @Test
    void aCutResponseNeverLooksComplete() throws IOException, InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\n\r\nbegun");
                    await(over);
                });
                TestProxy proxy = TestProxy.http().start(backend.port());
                RawClient client = RawClient.to(proxy.port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            backend.awaitRequest();
            Await.until("the response has begun", () -> proxy.pool().total(PoolCounter.RESPONSES_2XX) == 1);
            proxy.server().drain(Duration.ofMillis(100));

            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
            over.countDown();
        }
    }

    @Test
    void aListenerThatLeavesClosesItsPortWhileAnotherStays() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                TestProxy proxy = TestProxy.http().start(backend.port());
                RawClient client = RawClient.to(proxy.port())) {
            ListenerConfig web = listener("web", 0);
            ListenerConfig more = listener("more", 0);
            ProxyConfig both = new ProxyConfig(List.of(PoolConfig.named("web")), List.of(web, more));
            int port = apply(proxy, both).get(1).boundPort();
            client.send(GET).readResponse();
            apply(proxy, new ProxyConfig(List.of(PoolConfig.named("web")), List.of(web)));

            Await.until("the port is closed", () -> refuses(port));
            assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
        }
    }

    private static List<ListenerStatus> apply(TestProxy proxy, ProxyConfig config) {
        return proxy.server().apply(config).toCompletableFuture().join();
    }

    private static ListenerConfig listener(String name, int port) {
        return ListenerConfig.of(
                        name, List.of(new BindAddress("127.0.0.1", port)), Protocol.HTTP, RouteConfig.to("web"))
                .with()
                .clientTimeout(Duration.ofSeconds(30))
                .build();
    }

    private static void free(ServerSocket taken) throws IOException {
        taken.close();
    }

    private static boolean refuses(int port) {
        try (RawClient client = RawClient.to(port)) {
            return client.socket().isClosed();
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError("neither connected nor refused", e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
