package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.model.Protocol;
import io.myelin.pool.UpstreamConfig;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that answer before they were sent the whole request, or that answer to an expectation. */
@Timeout(30)
@Tag("sockets")
class EarlyResponseTest {
    private static final String REFUSAL = "HTTP/1.1 413 Too Much\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno!";
    private static final String EXPECTING =
            "POST / HTTP/1.1\r\nHost: web\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";

    /** Longer than anybody takes who goes on. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.http(clock);

    @AfterEach
    void stop() {
        clock.resume();
        proxy.close();
    }

    /** Lets more time pass than {@link #PATIENCE}, once the event loop has seen everything that happened before. */
    private void outlastPatience() throws InterruptedException {
        clock.stall();
        clock.skip(PATIENCE.plusSeconds(1));
        clock.resume();
    }

    private static String upload(int length) {
        return "POST / HTTP/1.1\r\nHost: web\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Closing with unread data resets the connection, whichever of the two the proxy learns of first. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theAnswerOfAMemberThatHangsUpIsReadBeforeItIsGivenUp(boolean bodyFirst)
            throws IOException, InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch wanted = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.read(1);
                    arrived.countDown();
                    await(wanted);
                    conversation.write(REFUSAL);
                    conversation.socket().close();
                    gone.countDown();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(upload(10_000_000)).send(new byte[10_000]);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

            clock.stall();
            if (bodyFirst) {
                client.send(new byte[10_000]);
            }
            wanted.countDown();
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            client.send(new byte[10_000]);
            clock.resume();

            Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.body()).isEqualTo("no!");
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.UPSTREAM_CLOSED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aClientThatGoesOnUploadingGetsTheAnswerEveryTime(Transport transport) throws IOException {
        try (TestProxy other = TestProxy.of(Protocol.HTTP, transport);
                LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write(REFUSAL);
                })) {
            other.start(backend.port());
            for (int i = 0; i < 50; i++) {
                try (RawClient client = RawClient.to(other.port())) {
                    client.send(upload(200_000)).send(new byte[200_000]);
                    assertThat(client.readResponse().status()).isEqualTo(413);
                }
            }
            other.awaitQuiet();
        }
    }

    @Test
    void aMemberThatHangsUpWithoutAWordIs502() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.readHead());
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(upload(200_000)).send(new byte[200_000]);
            assertThat(client.readResponse().header("X-Myelin-Failure")).isEqualTo("upstream_closed");
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.UPSTREAM_CLOSED)).isEqualTo(1);
    }

    @Test
    void aShortRestOfTheBodyIsSkippedSoThatTheConnectionLasts() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    if (conversation.readHead().startsWith("POST")) {
                        conversation.write("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n");
                        conversation.in().transferTo(OutputStream.nullOutputStream());
                    } else {
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(upload(10_000)).send(new byte[5_000]);
            Response refusal = client.readResponse();
            assertThat(refusal.status()).isEqualTo(401);
            assertThat(refusal.header("Connection")).isEmpty();

            client.send(new byte[5_000]).send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("x");
            assertThat(backend.connections()).isEqualTo(2);
        }
        proxy.awaitQuiet();
    }

    /** The rest of the body, and what follows it, came together with the end of the client's side. */
    @Test
    void theRestOfABodyIsNeverTakenForARequest() throws IOException, InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch wanted = new CountDownLatch(1);
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: web\r\n\r\n";
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    arrived.countDown();
                    await(wanted);
                    conversation.write("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n");
                    conversation.in().readAllBytes();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(upload(10_000)).send(new byte[100]);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            clock.stall();
            wanted.countDown();
            client.send(smuggled.repeat(10)).endOutput();
            clock.resume();

            assertThat(client.readToEnd()).doesNotContain("200 OK");
            assertThat(backend.received()).hasSize(1);
        }
        proxy.awaitQuiet();
    }

    @Test
    void aRestThatDoesNotComeEndsTheConnection() throws IOException, InterruptedException {
        proxy.withClientTimeout(PATIENCE);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n");
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(upload(10_000)).send(new byte[5_000]);
            assertThat(client.readResponse().status()).isEqualTo(401);
            outlastPatience();
            assertThat(client.ended()).isTrue();
            assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isZero();
        }
        proxy.awaitQuiet();
    }

    @Test
    void bothDirectionsFlowAtOnce() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n");
                    for (int i = 0; i < 3; i++) {
                        conversation.write(conversation.read(100_000));
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(upload(300_000)).send("a".repeat(100_000)).send("b".repeat(200_000));

            String body = client.readResponse().body();
            assertThat(body).hasSize(300_000).startsWith("aaa").endsWith("bbb");
        }
        proxy.awaitQuiet();
    }

    /** The client keeps its body for a word that never comes: neither it nor the member is to be blamed for waiting. */
    @Test
    void aRefusedExpectationIsNotAwaited() throws IOException, InterruptedException {
        proxy.withClientTimeout(PATIENCE);
        CountDownLatch later = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 417 No\r\nContent-Length: 4\r\n\r\nla");
                    await(later);
                    conversation.write("te");
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response response = client.send(EXPECTING).readHeadOnly();
            outlastPatience();
            later.countDown();

            assertThat(response.status()).isEqualTo(417);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.readToEnd()).isEqualTo("late");
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isZero();
    }

    @Test
    void aConnectionWhoseRequestWasNotReadIsNotUsedAgain() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
            while (!conversation.readHead().isEmpty()) {
                conversation.write("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            proxy.start(backend.port());
            for (int i = 0; i < 2; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.send(EXPECTING).readResponse().status()).isEqualTo(417);
                }
            }
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientMayGoOnWithoutWaiting(boolean memberContinues) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readHead().isEmpty()) {
                        String body = new String(conversation.read(4), ISO_8859_1);
                        conversation.write(memberContinues ? "HTTP/1.1 100 Continue\r\n\r\n" : "");
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                client.send(EXPECTING + "body");
                if (memberContinues) {
                    assertThat(client.readResponse().status()).isEqualTo(100);
                }
                assertThat(client.readResponse().body()).isEqualTo("body");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void aMemberOfVersionOneZeroKnowsNoExpectation() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n");
                    conversation.write(conversation.read(4));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(EXPECTING).send("body");
            assertThat(client.readResponse().body()).isEqualTo("body");
        }
    }

    @Test
    void aClientOfVersionOneZeroHasNoExpectation() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 100 Continue\r\n\r\n");
                    conversation.read(4);
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(backend.awaitRequest()).doesNotContainIgnoringCase("Expect");
        }
    }

    @Test
    void aMemberThatWaitsForTheBodyIsNotBlamedForIt() throws IOException, InterruptedException {
        proxy.withClientTimeout(PATIENCE.multipliedBy(10));
        proxy.with(UpstreamConfig.DEFAULT.with().serverTimeout(PATIENCE).build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 100 Continue\r\n\r\n");
                    conversation.read(4);
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(EXPECTING).readResponse().status()).isEqualTo(100);
            for (char piece : "body".toCharArray()) {
                outlastPatience();
                client.send(String.valueOf(piece));
            }
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /** The member waits for the body and the client for the word; only the client can be waited for. */
    @Test
    void aClientThatWaitsForEverTimesOut() throws IOException {
        proxy.withClientTimeout(Duration.ofMillis(600));
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .serverTimeout(Duration.ofMillis(100))
                .build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.read(4);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response response = client.send(EXPECTING).readResponse();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("client_timeout");
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
}
