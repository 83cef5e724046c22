package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.server.BindAddress;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import io.myelin.testing.UnixConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections live, on both sides, and what the end of one direction means. */
@Timeout(30)
@Tag("sockets")
class ConnectionSemanticsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    private static final ClientConfig UNHURRIED = ClientConfig.DEFAULT
            .with()
            .requestTimeout(Duration.ofMinutes(5))
            .keepAliveTimeout(Duration.ofSeconds(20))
            .build();

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.http(clock);

    @AfterEach
    void stop() {
        clock.resume();
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1 |                              | true",
                "1.1 | Connection: keep-alive       | true",
                "1.1 | Connection: close            | false",
                "1.1 | Connection: x, CLOSE         | false",
                "1.1 | Connection: close,keep-alive | false",
                "1.1 | Proxy-Connection: close      | true",
                "1.0 |                              | false",
                "1.0 | Connection: keep-alive       | true",
                "1.0 | Proxy-Connection: keep-alive | false",
                "1.0 | Keep-Alive: timeout=5        | false"
            })
    void aClientSaysWhetherItsConnectionGoesOn(String version, String field, boolean goesOn) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            String request =
                    "GET / HTTP/" + version + "\r\nHost: web\r\n" + (field == null ? "" : field + "\r\n") + "\r\n";
            Response response = client.send(request + request).readResponse();

            assertThat(response.header("Connection").equals("close")).isEqualTo(!goesOn);
            if (goesOn) {
                assertThat(client.readResponse().body()).isEqualTo("x");
            } else {
                assertThat(client.ended()).isTrue();
                assertThat(backend.received()).hasSize(1);
            }
            assertThat(backend.received().get(0)).doesNotContain("Connection", "Keep-Alive");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1 |                              | 1",
                "1.1 | Connection: close            | 2",
                "1.1 | Connection: Close, x         | 2",
                "1.1 | Proxy-Connection: close      | 1",
                "1.0 |                              | 2",
                "1.0 | Connection: keep-alive       | 1"
            })
    void aMemberSaysWhetherItsConnectionGoesOn(String version, String field, int connections) throws IOException {
        String answer = "HTTP/" + version + " 200 OK\r\n" + (field == null ? "" : field + "\r\n")
                + "Content-Length: 1\r\n\r\nx";
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readRequest().isEmpty()) {
                        conversation.write(answer);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send(GET).readResponse();
                assertThat(response.body()).isEqualTo("x");
                assertThat(response.head()).doesNotContain("Connection");
            }
            assertThat(backend.connections()).isEqualTo(connections);
        }
    }

    @Test
    void aMemberThatEndsItsConnectionDoesNotEndTheClients() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + GET + GET);
            for (int i = 0; i < 3; i++) {
                assertThat(client.readResponse().body()).isEqualTo("x");
            }
        }
    }

    @Test
    void aConnectionMayHaveALastRequest() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().maxRequests(2).build());
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + GET + GET);
            assertThat(client.readResponse().header("Connection")).isEmpty();
            assertThat(client.readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
            assertThat(backend.received()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"})
    void aFailureAtOnceIsToldBeforeTheConnectionEnds(String request) throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            assertThat(client.send(request).readToEnd())
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("no_member\n");
        }
    }

    @Test
    void aFailedRequestLeavesThoseBehindItAlone() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    if (conversation.readRequest().contains("/bad")) {
                        conversation.write("nonsense\r\n\r\n");
                        conversation.readRequest();
                    } else {
                        conversation.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "GET /bad HTTP/1.1\r\nHost: web\r\n\r\n" + GET + "GET / HTTP/9.9\r\n\r\n" + GET);

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(505);
            assertThat(client.ended()).isTrue();
            assertThat(backend.received()).hasSize(3);
        }
    }

    @Test
    void nothingIsServedBehindABodyThatFailed() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("nonsense\r\n\r\n");
                    conversation.in().readAllBytes();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 500000\r\n\r\n" + GET);
            assertThat(client.readResponse().status()).isEqualTo(502);
            client.send(GET);
            assertThat(client.ended()).isTrue();
            assertThat(backend.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 6_000, 500_000})
    void aClientMayEndItsSideBehindItsRequest(int length) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("late");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length))
                    .endOutput();
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK").endsWith("late");
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isZero();
    }

    /** Request, body and end arrive in one go, before there is a connection to the member. */
    @ParameterizedTest
    @ValueSource(ints = {6_000, 60_000})
    void theEndOfAClientsSideMayOvertakeTheConnectionToTheMember(int length) throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("late")) {
            proxy.start(backend.port());
            try (RawClient first = RawClient.to(proxy.port());
                    RawClient client = RawClient.to(proxy.port())) {
                first.send(GET).readResponse();
                proxy.offer(backend.port());
                clock.stall();
                client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: " + length + "\r\n\r\n"
                                + "x".repeat(length))
                        .endOutput();
                first.send(GET);
                clock.resume();
                assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK").endsWith("late");
                assertThat(first.readResponse().body()).isEqualTo("late");
            }
        }
        proxy.awaitQuiet();
    }

    /** More than the member takes at once is here, and the end of the client's side as well. */
    @Test
    void theEndOfAClientsSideIsNotForgottenWhileItsBodyIsStuck() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    await(over);
                    conversation.in().readAllBytes();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 50000000\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    client.send(new byte[20_000_000]).endOutput();
                } catch (IOException ignored) {
                    // The proxy has hung up; the test judges by its counters.
                }
            });
            sender.start();
            AtomicLong sent = new AtomicLong(-1);
            Await.until("the member takes no more", () -> {
                long now = proxy.pool().total(PoolCounter.BYTES_IN);
                return now > 1_000_000 && sent.getAndSet(now) == now;
            });
            over.countDown();
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(1);
        }
    }

    @Test
    void aTunnelLearnsOfAnEndThatCameBeforeIt() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    await(over);
                    conversation.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
                    conversation.write(conversation.in().readAllBytes());
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly")
                    .endOutput();
            Await.until("the exchange has begun", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == 1);
            over.countDown();
            assertThat(client.readToEnd()).endsWith("\r\n\r\nearly");
        }
        proxy.awaitQuiet();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aClientMayEndItsSideBehindPipelinedRequests() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + GET + "PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 6000\r\n\r\n" + "x".repeat(6_000))
                    .endOutput();
            assertThat(client.readToEnd().split("200 OK", -1)).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n123",
                "PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 10000\r\n\r\n123",
                GET + "PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n",
                GET + "PUT / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
            })
    void aClientThatEndsItsSideInTheMiddleIsGone(String text) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (conversation.readHead().startsWith("GET ")) {
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                    }
                    conversation.in().transferTo(OutputStream.nullOutputStream());
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(text).endOutput();
            assertThat(client.readToEnd()).doesNotContain("400", "502");
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(1);
        assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.IN_FLIGHT))
                .isZero();
    }

    @Test
    void aResponseThatBreaksOffArrivesAsFarAsItWent() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(90_000));
            assertThat(client.readToEnd()).endsWith("12345");
            over.countDown();
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.RESPONSE_TRUNCATED)).isEqualTo(1);
    }

    /** What was begun behind the last request and will not go on keeps nobody waiting. */
    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1\r\nHost: w", "\r\n", "\r\n\r\nx"})
    void aClientThatEndsItsSideBehindItsRequestsIsAnsweredAndLeft(String rest)
            throws IOException, InterruptedException {
        CountDownLatch sent = new CountDownLatch(1);
        proxy.with(UNHURRIED);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    await(sent);
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + rest).endOutput();
            backend.awaitRequest();
            clock.stall();
            clock.resume();
            sent.countDown();
            assertThat(client.readToEnd()).endsWith("\r\n\r\nx");
        }
        proxy.awaitQuiet();
        assertThat(proxy.server().unrouted(Failure.REQUEST_TIMEOUT)).isZero();
    }

    /**
     * What has not left yet when a connection is to end still reaches a client that is slow. The kernel keeps about 200
     * KB for one that does not read at all, so that some of the answers are over before they have left the proxy.
     */
    @ParameterizedTest
    @EnumSource
    @EnabledOnOs(OS.LINUX)
    void aSlowReaderGetsAllOfAnAnswerThatIsOver(Farewell farewell, @TempDir Path directory)
            throws IOException, InterruptedException {
        Path path = directory.resolve("web.sock");
        proxy.with(UNHURRIED)
                .withListener(listener -> listener.addresses(List.of(BindAddress.ofUnix(path.toString()))));
        List<UnixConnection> clients = new ArrayList<>();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
            String head = conversation.readHead();
            int length = Integer.parseInt(head.split(" ", 3)[1].substring(1));
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            conversation.write(new byte[length]);
            conversation.readHead();
        })) {
            proxy.start(backend.port());
            for (int length = 150_000; length < 600_000; length += 20_000) {
                UnixConnection client = UnixConnection.to(path);
                clients.add(client);
                client.send("GET /" + length + " HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readHead()).contains("Content-Length: " + length);
            }
            clock.stall();
            clock.resume();
            for (UnixConnection client : clients) {
                switch (farewell) {
                    case ENDED_BY_CLIENT -> client.endOutput();
                    case BEGINNING_BY_CLIENT -> client.send("GET /").endOutput();
                    case DRAINED -> proxy.server().drain(Duration.ofMinutes(1));
                    case KEPT_LONG_ENOUGH -> clock.skip(Duration.ofSeconds(1));
                }
            }
            clock.stall();
            clock.resume();
            int length = 150_000;
            for (UnixConnection client : clients) {
                assertThat(client.read(length)).hasSize(length);
                length += 20_000;
            }
        } finally {
            for (UnixConnection client : clients) {
                client.close();
            }
        }
    }

    /** Why a connection ends whose last answer was made. */
    private enum Farewell {
        ENDED_BY_CLIENT,
        BEGINNING_BY_CLIENT,
        DRAINED,
        KEPT_LONG_ENOUGH
    }
}
