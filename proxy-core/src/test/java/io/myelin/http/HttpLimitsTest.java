package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("sockets")
class HttpLimitsTest {
    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource({"1000, 200", "1001, 413", "999999999999999999, 413"})
    void aDeclaredBodyHasALimit(long length, int status) throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().maxBodyBytes(1_000).build());
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(1_000));
            assertThat(client.readResponse().status()).isEqualTo(status);
            assertThat(backend.received()).hasSize(status == 200 ? 1 : 0);
            assertThat(proxy.pool().total(Failure.CONTENT_TOO_LARGE)).isEqualTo(status == 200 ? 0 : 1);
        }
        proxy.awaitQuiet();
    }

    @Test
    void aBodyInChunksHasALimit() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().maxBodyBytes(10_000).build());
        try (LoopbackBackend backend = LoopbackBackend.running(
                        conversation -> conversation.in().readAllBytes());
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(("3e8\r\n" + "x".repeat(1_000) + "\r\n").repeat(11));
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("content_too_large");
            assertThat(client.ended()).isTrue();
        }
        proxy.awaitQuiet();
    }

    /** Between requests the keep-alive time runs, before the first one the time for a head; both end without a word. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anIdleConnectionEndsWithoutAWord(boolean used) throws IOException {
        Duration limit = Duration.ofMillis(200);
        proxy.with(ClientConfig.DEFAULT
                .with()
                .requestTimeout(used ? Duration.ZERO : limit)
                .keepAliveTimeout(used ? limit : Duration.ZERO)
                .build());
        try (LoopbackBackend backend = LoopbackBackend.answering("x")) {
            proxy.start(backend.port());
            long startNanos = System.nanoTime();
            try (RawClient client = RawClient.to(proxy.port())) {
                if (used) {
                    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
                }
                assertThat(client.readToEnd()).isEmpty();
                assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(limit.toNanos());
                assertThat(proxy.server().unrouted(Failure.REQUEST_TIMEOUT)).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void anUpgradedConnectionCarriesAsMuchAsItLikes(int limit) throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().maxBodyBytes(limit).build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
                    conversation.write(conversation.read(10_000));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(client.readHeadOnly().status()).isEqualTo(101);
            assertThat(client.send("x".repeat(10_000)).readToEnd()).hasSize(10_000);
        }
    }
}
