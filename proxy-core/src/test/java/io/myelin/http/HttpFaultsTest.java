package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@Tag("sockets")
class HttpFaultsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final UpstreamConfig IMPATIENT = UpstreamConfig.DEFAULT
            .with()
            .connectTimeout(Duration.ofSeconds(1))
            .serverTimeout(Duration.ofMillis(200))
            .keepAliveTimeout(Duration.ofSeconds(30))
            .maxIdlePerLoop(16)
            .retries(1)
            .redispatch(true)
            .build();
    private static final ClientConfig SMALL = ClientConfig.DEFAULT
            .with()
            .maxRequestLineBytes(64)
            .maxHeadBytes(512)
            .maxHeaderFields(5)
            .forwardedFor(ClientConfig.ForwardedFor.OFF)
            .build();

    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aRefusingMemberIsHiddenByAnotherAtOnce() throws IOException {
        int refusing = FreePorts.one();
        try (LoopbackBackend backend = LoopbackBackend.answering("x")) {
            proxy.start(refusing, backend.port());
            for (int i = 0; i < 10; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                }
            }

            assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isGreaterThanOrEqualTo(4);
            assertThat(proxy.pool().total(PoolCounter.RETRIES))
                    .as("attempts after a pause")
                    .isZero();
        }
    }

    @Test
    void aLoneRefusingMemberIsTriedAgainAfterAPauseAndThen503() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(Duration.ofMillis(100))
                .serverTimeout(Duration.ZERO)
                .keepAliveTimeout(Duration.ofSeconds(1))
                .maxIdlePerLoop(16)
                .retries(2)
                .redispatch(false)
                .build());
        proxy.start(FreePorts.one());
        long startNanos = System.nanoTime();
        try (RawClient client = RawClient.to(proxy.port())) {
            Response response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("connect_failed");
            assertThat(System.nanoTime() - startNanos)
                    .isGreaterThan(Duration.ofMillis(200).toNanos());
            assertThat(proxy.pool().total(PoolCounter.RETRIES)).isEqualTo(2);
            assertThat(proxy.pool().total(Failure.CONNECT_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void aMemberThatComesBackDuringThePauseServes() throws IOException {
        int port = FreePorts.one();
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(Duration.ofMillis(300))
                .serverTimeout(Duration.ZERO)
                .keepAliveTimeout(Duration.ofSeconds(1))
                .maxIdlePerLoop(16)
                .retries(20)
                .redispatch(false)
                .build());
        proxy.start(port);
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send(GET);
            Await.until("a first attempt failed", () -> proxy.pool().total(PoolCounter.RETRIES) > 0);
            try (LoopbackBackend backend = LoopbackBackend.running(port, conversation -> {
                conversation.readRequest();
                conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            })) {
                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(backend.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void aSilentMemberIsGivenUpAfterTheServerTimeout() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        proxy.with(IMPATIENT);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> await(over));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(504);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("response_timeout");
            over.countDown();
        }
        assertThat(proxy.pool().total(Failure.RESPONSE_TIMEOUT)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nContent-Length: 6\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nContent-Length: -5\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nBad Name: 1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\nContent-Length: 0\\n\\n",
                "HTTP/2.0 200 OK\\r\\n\\r\\n",
                "HTTP/1.1 99 Low\\r\\n\\r\\n",
                "HTTP/1.1 101 Unasked\\r\\n\\r\\n"
            })
    void aMalformedResponseIs502(String response) throws IOException {
        String bytes = response.replace("\\r", "\r").replace("\\n", "\n");
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write(bytes);
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response answer = client.send(GET).readResponse();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.header("X-Myelin-Failure")).isEqualTo("malformed_response");
            assertThat(proxy.pool().total(Failure.MALFORMED_RESPONSE)).isEqualTo(1);
        }
    }

    @Test
    void interimResponsesWithoutEndAre502() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 102 Wait\r\n\r\n".repeat(100));
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET).endOutput();

            assertThat(client.readToEnd()).endsWith("502 Bad Gateway: malformed_response\n");
        }
    }

    @Test
    void anEmptyLineBetweenRequestsBeginsNothing() throws IOException {
        proxy.with(SMALL);
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET).readResponse();
            client.send("\r\n");
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aResponseHeadThatArrivesByteByByteIsTheSame() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    for (char c : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".toCharArray()) {
                        conversation.write(String.valueOf(c));
                    }
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(GET).readResponse().body()).isEqualTo("ok");
        }
    }

    @Test
    void aMemberThatClosesBeforeAnsweringIs502() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.readHead());
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response answer = client.send(GET).readResponse();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.header("X-Myelin-Failure")).isEqualTo("upstream_closed");
        }
    }

    @Test
    void aKeptConnectionThatDiedIsReplacedWithoutTheClientNoticing() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    requests.incrementAndGet();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                    if (requests.get() == 1) {
                        // Takes the second request and dies without a word: the race that no check can rule out.
                        conversation.readRequest();
                        conversation.reset();
                    } else {
                        conversation.readRequest();
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
            assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void aMemberThatDiesWithARequestInHandIsHiddenByAnother() throws IOException {
        try (LoopbackBackend dying = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.reset();
                });
                LoopbackBackend backend = LoopbackBackend.answering("x")) {
            proxy.start(dying.port(), backend.port());
            for (int i = 0; i < 6; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                }
            }
            assertThat(dying.connections()).isPositive();
            assertThat(proxy.pool().total(Failure.UPSTREAM_CLOSED)).isZero();
            assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isEqualTo(dying.connections());
        }
    }

    @Test
    void aRequestWithEffectsIsNotSentToAnotherMember() throws IOException {
        try (LoopbackBackend dying = LoopbackBackend.running(conversation -> {
            conversation.readRequest();
            conversation.reset();
        })) {
            proxy.start(dying.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 1\r\n\r\n1");
                assertThat(client.readResponse().status()).isEqualTo(502);
            }
            assertThat(dying.received()).hasSize(1);
        }
    }

    @Test
    void aRequestThatMayNotBeRepeatedIsNot() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                    conversation.readRequest();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 1\r\n\r\n1");
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(backend.received()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 11\\r\\n\\r\\nabc",
                "Transfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nabc",
                "Transfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabcX"
            })
    void aTruncatedResponseNeverLooksComplete(String rest) throws IOException {
        String bytes = rest.replace("\\r", "\r").replace("\\n", "\n");
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\n" + bytes);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET);
            String received = client.readToEnd();

            assertThat(received).doesNotContain("0\r\n\r\n").doesNotEndWith("abcdefghijk");
            Await.until("the failure is counted", () -> proxy.pool().total(Failure.RESPONSE_TRUNCATED) == 1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage\\r\\n|400|malformed_request",
                "GET / HTTP/1.1\\r\\n\\r\\n|400|malformed_request",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n|400|malformed_request",
                "GET / HTTP/1.1\\nHost: a\\n\\n|400|malformed_request",
                "GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n|400|malformed_request",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\nX: 1\\r\\n 2\\r\\n\\r\\n|400|malformed_request",
                "GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n|400|malformed_request",
                "GET  / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n|400|malformed_request",
                "GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n|505|version_not_supported",
                "GET / HTTP/1.2\\r\\nHost: a\\r\\n\\r\\n|505|version_not_supported",
                "CONNECT a:1 HTTP/1.1\\r\\nHost: a:1\\r\\n\\r\\n|501|method_not_supported",
                "POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n|400|malformed_request",
                "POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1, 1\\r\\n\\r\\n|400|malformed_request",
                "POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +1\\r\\n\\r\\n|400|malformed_request",
                "POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n|400|malformed_request",
                "POST / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n|400|malformed_request",
                "GET /0123456789012345678901234567890123456789012345678901234567890123456789 HTTP/1.1\\r\\n|414|request_line_too_long",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\nA: 1\\r\\nA: 1\\r\\nA: 1\\r\\nA: 1\\r\\nA: 1\\r\\n\\r\\n|431|head_too_large"
            })
    void aBadRequestIsRefusedAndTheConnectionEnds(String request, int status, String failure) throws IOException {
        proxy.with(SMALL);
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send(request.replace("\\r", "\r").replace("\\n", "\n"));
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo(failure);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
            assertThat(proxy.server().unrouted(Failure.valueOf(failure.toUpperCase(Locale.ROOT))))
                    .isEqualTo(1);
        }
    }

    @Test
    void aHeadOfAHundredKilobytesIsRefused() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(100_000));

            assertThat(client.readResponse().status()).isEqualTo(431);
        }
    }

    @Test
    void aHeadThatTakesTooLongIs408() throws IOException {
        proxy.with(SMALL.with().requestTimeout(Duration.ofMillis(700)).build());
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET / HTTP/1.1\r\nHos");

            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aClientThatStopsInTheMiddleOfItsBodyIs408() throws IOException {
        proxy.withClientTimeout(Duration.ofMillis(200));
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n123");

            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isEqualTo(1);
        }
        proxy.awaitQuiet();
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsBodyIsCountedAndForgotten() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x")) {
            try (RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
                client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n123");
                backend.awaitRequest();
            }
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(1);
        }
    }

    @Test
    void aClientThatResetsWhileItWaitsReleasesItsMember() throws IOException, InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
            conversation.readHead();
            await(over);
        })) {
            RawClient client = RawClient.to(proxy.start(backend.port()).port());
            client.send(GET);
            backend.awaitRequest();
            client.socket().setSoLinger(true, 0);
            client.close();

            proxy.awaitQuiet();
            over.countDown();
            assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"'5\\r\\nhelloX'", "'G\\r\\n'", "'5 \\r\\n'", "'5\\nhello'", "'-1\\r\\n'", "'11111111111111111\\r\\n'"})
    void aBrokenChunkIsRefused(String chunk) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk.replace("\\r", "\r").replace("\\n", "\n"));
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(client.ended()).isTrue();
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
