package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("sockets")
class HttpTrailersTest {
    private static final String WILLING =
            "GET / HTTP/1.1\r\nHost: web\r\nTE: trailers\r\nConnection: TE, close\r\n\r\n";
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Grpc-Status, Host\r\n"
                    + "Connection: X-Hop\r\n\r\n5\r\nhello\r\n0\r\nGrpc-Status: 0\r\nHost: evil\r\nX-Hop: 1\r\n\r\n";

    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aClientThatTakesTrailersGetsTheSafeOnes() throws IOException, InterruptedException {
        try (LoopbackBackend backend = answering(ANSWER);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            String received = client.send(WILLING).readToEnd();

            assertThat(received)
                    .contains("\r\nTrailer: grpc-status\r\n")
                    .endsWith("\r\n\r\n5\r\nhello\r\n0\r\nGrpc-Status: 0\r\n\r\n");
            assertThat(backend.awaitRequest()).contains("\r\nTE: trailers\r\nConnection: TE\r\n");
            Await.until("the rest is counted", () -> proxy.pool().total(PoolCounter.TRAILERS_DROPPED) == 2);
        }
    }

    @Test
    void trailersComeWithALongBodyToo() throws IOException {
        String body = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\nDige");
                    conversation.write("st: abc\r\n\r\n");
                    conversation.readRequest();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(WILLING).readToEnd()).endsWith(body + "0\r\nDigest: abc\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web\r\nTE: trailers\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: web\r\nTE: trailers\r\nConnection: TE\r\n\r\n"
            })
    void noOtherClientGetsAny(String request) throws IOException, InterruptedException {
        try (LoopbackBackend backend = answering(ANSWER);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            String received = client.send(request).readToEnd();

            assertThat(received).contains("hello").doesNotContain("Grpc-Status", "grpc-status", "Trailer", "evil");
            assertThat(backend.awaitRequest()).doesNotContain("TE:", "Connection");
            Await.until("all are counted", () -> proxy.pool().total(PoolCounter.TRAILERS_DROPPED) == 3);
        }
    }

    @Test
    void aRequestsTrailersTravelWhenTheyAreAnnouncedAndSafe() throws IOException, InterruptedException {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    StringBuilder body = new StringBuilder();
                    while (body.indexOf("\r\n\r\n") < 0) {
                        body.append((char) conversation.in().read());
                    }
                    bodies.add(body.toString());
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n"
                    + "Trailer: Digest, Authorization\r\n\r\n5\r\nhello\r\n0\r\n"
                    + "Digest: abc\r\nAuthorization: Basic eDp5\r\nX-Unannounced: 1\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(backend.awaitRequest()).contains("\r\nTrailer: digest\r\n");
            assertThat(bodies.poll(10, TimeUnit.SECONDS)).isEqualTo("5\r\nhello\r\n0\r\nDigest: abc\r\n\r\n");
            assertThat(proxy.pool().total(PoolCounter.TRAILERS_DROPPED)).isEqualTo(2);
        }
    }

    @Test
    void moreTrailersThanAHeadMayHaveAreRefused() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().maxHeaderFields(10).build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.read(1 << 20));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                    + "A: 1\r\n".repeat(11) + "\r\n");
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(431);
            assertThat(client.ended()).isTrue();
            assertThat(proxy.pool().total(Failure.HEAD_TOO_LARGE)).isEqualTo(1);
        }
    }

    @Test
    void aResponseWithBadTrailersNeverLooksComplete() throws IOException {
        try (LoopbackBackend backend =
                        answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nB : 2\r\n\r\n");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(WILLING).readToEnd()).doesNotContain("A: 1", "0\r\n\r\n");
            Await.until("the failure is counted", () -> proxy.pool().total(Failure.RESPONSE_TRUNCATED) == 1);
        }
        proxy.awaitQuiet();
    }

    private static LoopbackBackend answering(String response) {
        return LoopbackBackend.running(conversation -> {
            conversation.readRequest();
            conversation.write(response);
            conversation.readRequest();
        });
    }
}
