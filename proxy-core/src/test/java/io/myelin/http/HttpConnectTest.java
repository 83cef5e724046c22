package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("sockets")
class HttpConnectTest {
    private static final String CONNECT = "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n";
    private static final UpstreamConfig PASSES =
            UpstreamConfig.DEFAULT.with().connect(true).build();
    private static final ClientConfig ADMITS =
            ClientConfig.DEFAULT.with().connect(true).build();

    private final TestProxy proxy = TestProxy.http();

    @BeforeEach
    void configure() {
        proxy.with(PASSES).with(ADMITS);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n"})
    void aSuccessOpensATunnelWhateverItSaysOfABody(String fields) throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 Established\r\n" + fields + "X-Kept: 1\r\n\r\nhello ");
                    conversation.write(conversation.read(5));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(CONNECT);
            Response response = client.readHeadOnly();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.head())
                    .contains("X-Kept: 1\r\n")
                    .doesNotContain("Content-Length", "Transfer-Encoding", "Connection");

            client.send("world");
            assertThat(client.readToEnd()).isEqualTo("hello world");
            assertThat(backend.awaitRequest())
                    .startsWith("CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n");
        }
        proxy.awaitQuiet();
    }

    @Test
    void whatAClientSendsAheadWaitsForTheTunnel() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 Established\r\n\r\n");
                    conversation.write(conversation.read(10));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(CONNECT + "early").send(" bird");
            client.readHeadOnly();
            assertThat(client.readToEnd()).isEqualTo("early bird");
        }
    }

    @Test
    void theEndOfOneDirectionLeavesTheOtherOpen() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 Established\r\n\r\n");
                    byte[] everything = conversation.in().readAllBytes();
                    conversation.write("you said " + new String(everything, ISO_8859_1));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(CONNECT).readHeadOnly();
            client.send("x".repeat(100_000)).endOutput();
            assertThat(client.readToEnd()).isEqualTo("you said " + "x".repeat(100_000));
        }
        proxy.awaitQuiet();
        assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isZero();
    }

    /** What follows a refused CONNECT looks like a request only to those who forget what it was sent for. */
    @Test
    void aRefusalIsAnOrdinaryResponseAndTheLastOne() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(CONNECT + "GET /smuggled HTTP/1.1\r\nHost: web\r\n\r\n");
            Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.body()).isEqualTo("no");
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
            assertThat(backend.received()).hasSize(1);
            assertThat(proxy.pool().total(PoolCounter.REQUESTS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db:1          | db:1\\r\\n               | 200",
                "db:1          | DB\\r\\n                 | 200",
                "[::1]:1       | [::1]:1\\r\\n            | 200",
                "db            | db\\r\\n                 | 400",
                "db:           | db:\\r\\n                | 400",
                "db:65536      | db:65536\\r\\n           | 400",
                "u@db:1        | db:1\\r\\n               | 400",
                "/             | db:1\\r\\n               | 400",
                "http://db:1/  | db:1\\r\\n               | 400",
                "db:1          | other:1\\r\\n            | 400",
                "db:1          | db:2\\r\\n               | 400",
                "db:1          | db:1\\r\\nContent-Length: 1\\r\\n | 400",
                "db:1          | db:1\\r\\nTransfer-Encoding: chunked\\r\\n | 400"
            })
    void theTargetIsHostAndPortAndNothingElse(String target, String fields, int status) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 Established\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("CONNECT " + target + " HTTP/1.1\r\nHost: "
                    + fields.replace("\\r", "\r").replace("\\n", "\n") + "\r\n");
            assertThat(client.readHeadOnly().status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false", "false, false"})
    void bothTheListenerAndTheServiceMustAllowIt(boolean listener, boolean service) throws IOException {
        proxy.with(ADMITS.with().connect(listener).build());
        proxy.with(PASSES.with().connect(service).build());
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response response = client.send(CONNECT).readResponse();
            assertThat(response.status()).isEqualTo(501);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("method_not_supported");
            assertThat(client.ended()).isTrue();
            assertThat(backend.received()).isEmpty();
            assertThat(proxy.server().unrouted(Failure.METHOD_NOT_SUPPORTED)).isEqualTo(1);
        }
    }

    @Test
    void trafficInOneDirectionKeepsATunnelOpen() throws IOException {
        proxy.withClientTimeout(Duration.ofSeconds(1));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 Established\r\n\r\n");
                    for (int i = 0; i < 5; i++) {
                        conversation.write("x");
                        pause();
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(CONNECT).readHeadOnly();
            assertThat(client.readToEnd()).isEqualTo("x".repeat(5));
        }
        assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isZero();
    }

    @Test
    void aSilentTunnelEnds() throws IOException {
        proxy.withClientTimeout(Duration.ofMillis(200));
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 Established\r\n\r\n");
                    conversation.in().read();
                    over.countDown();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(CONNECT).readHeadOnly();
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isEqualTo(1);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
