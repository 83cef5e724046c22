package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives behind a message whose end cannot be told is never taken for another. */
@Timeout(30)
@Tag("sockets")
class HttpFramingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: web\r\n\r\n";

    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "5\r\nhello!!",
                "5\r\nhello\r\n0\r\n\r",
                "0\r\n\r",
                "0\r\nA: b\r\n\r",
                "0\n\r\n",
                "0\r\nA : b\r\n\r\n",
                "5;a\nhello\r\n0\r\n\r\n"
            })
    void nothingIsServedBehindABrokenRequestBody(String body) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.read(1 << 20));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED);
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isEqualTo(true);
            assertThat(proxy.pool().total(PoolCounter.REQUESTS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhello!!0\r\n\r\n", "5\r\nhello\r\nx", "5\r\nhello\r\n0\r\n\rX", "x"})
    void aBrokenResponseBodyNeverLooksComplete(String body) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                    conversation.readRequest();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");

            assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.RESPONSE_TRUNCATED)).isEqualTo(1);
        }
    }

    @Test
    void aShortChunkedResponseLosesWhatEndsHere() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readRequest().isEmpty()) {
                        conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "5;x\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n");
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("hello world");
            }
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("hello world");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void whatComesRightBehindAnUpgradeReachesTheMemberOnceItSwitches() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
                    conversation.write(conversation.read(5));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n12345");

            assertThat(client.readHeadOnly().status()).isEqualTo(101);
            assertThat(client.readToEnd()).isEqualTo("12345");
        }
        proxy.awaitQuiet();
    }

    @Test
    void aRequestLineWithoutEndIsRefusedAsSoonAsItIsTooLong() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET /");
            client.send("a".repeat(10_000));

            assertThat(client.readResponse().status()).isEqualTo(414);
            assertThat(client.ended()).isTrue();
        }
        assertThat(proxy.server().unrouted(Failure.REQUEST_LINE_TOO_LONG)).isEqualTo(1);
    }
}
