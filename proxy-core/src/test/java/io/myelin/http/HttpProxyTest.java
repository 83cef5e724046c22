package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("sockets")
class HttpProxyTest {
    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void carriesARequestThereAndTheResponseBack() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("hello");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET /a?b=c HTTP/1.1\r\nHost: web\r\nX-Thing:  kept as is \r\n\r\n");
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello");
            assertThat(backend.awaitRequest())
                    .startsWith("GET /a?b=c HTTP/1.1\r\nHost: web\r\nX-Thing:  kept as is \r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: http\r\n");
        }
    }

    @Test
    void keepsBothConnectionsForTheNextRequest() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 5; i++) {
                client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("x");
            }

            assertThat(backend.connections()).isEqualTo(1);
            assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.REUSES))
                    .isEqualTo(4);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                        String path = head.substring(4, head.indexOf(" HTTP"));
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: web\r\n\r\n");
            }
            client.send(requests.toString());

            for (int i = 0; i < 50; i++) {
                assertThat(client.readResponse().body()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void aPoolWithoutMembersAnswers503AtOnce() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("no_member");
            assertThat(proxy.pool().total(Failure.NO_MEMBER)).isEqualTo(1);
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(PoolCounter.RESPONSES_5XX)).isEqualTo(1);
        }
    }

    @Test
    void aResponseOfTheProxyItselfLeavesBeforeTheConnectionEnds() throws IOException {
        proxy.start();
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void streamsAChunkedBodyBothWays() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    String body = new String(conversation.read(20), ISO_8859_1);
                    conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhel");
            client.send("lo\r\n5\r\nworld\r\n0\r\nX-Trailer: gone\r\n\r\n");

            assertThat(client.readResponse().body()).isEqualTo("helloworld");
            assertThat(backend.awaitRequest())
                    .contains("Transfer-Encoding: chunked\r\n")
                    .doesNotContain("Content-Length");
        }
    }

    @Test
    void aBodyOfManyMegabytesArrivesWhole() throws IOException {
        byte[] body = new byte[8 << 20];
        new Random(1).nextBytes(body);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    byte[] received = conversation.read(body.length);
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + received.length + "\r\n\r\n");
                    conversation.write(received);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: " + body.length + "\r\n\r\n");
            client.send(body);

            assertThat(client.readResponse().body().getBytes(ISO_8859_1)).isEqualTo(body);
        }
    }

    @Test
    void aSlowClientSlowsTheMemberInsteadOfFillingMemory() throws IOException {
        int total = 64 << 20;
        AtomicLong written = new AtomicLong();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
                    byte[] piece = new byte[64 << 10];
                    for (int sent = 0; sent < total; sent += piece.length) {
                        conversation.write(piece);
                        written.addAndGet(piece.length);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
            long settled = awaitStandstill(written);

            // What is neither read nor written sits in four socket buffers and the proxy's own, which is small.
            assertThat(settled).isLessThan(32 << 20);
            assertThat(client.readResponse().body()).hasSize(total);
        }
    }

    private static long awaitStandstill(AtomicLong counter) {
        AtomicLong last = new AtomicLong();
        AtomicInteger unchanged = new AtomicInteger();
        Await.until("the member cannot write any more", () -> {
            long now = counter.get();
            unchanged.set(now > 0 && last.getAndSet(now) == now ? unchanged.get() + 1 : 0);
            return unchanged.get() > 300;
        });
        return last.get();
    }

    @Test
    void aHeadRequestHasNoBodyButItsLength() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readHead().isEmpty()) {
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readHeadOnly().header("content-length")).isEqualTo("1000");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aStatusWithoutBodyEndsWithItsHead(int status) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readHead().isEmpty()) {
                        conversation.write("HTTP/1.1 " + status + " Fine\r\nETag: 1\r\n\r\n");
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readHeadOnly().status()).isEqualTo(status);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void interimResponsesGoToClientsThatKnowThem() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 100 Continue\r\n\r\n");
                    conversation.read(4);
                    conversation.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.readHeadOnly().status()).isEqualTo(100);
            client.send("data");
            Response hints = client.readHeadOnly();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.header("Link")).isEqualTo("</a>");
            assertThat(client.readResponse().body()).isEqualTo("ok");
        }
    }

    @Test
    void aFinalAnswerToAnExpectationEndsTheConnection() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
                    conversation.readHead();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(417);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void fieldsOfOneConnectionEndAtTheProxy() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write(
                            "HTTP/1.1 200 OK\r\nConnection: X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\n"
                                    + "Content-Length: 0\r\nX-Kept: 1\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: X-Mine, Host, content-length\r\nX-Mine: 1\r\n"
                    + "TE: trailers\r\nProxy-Connection: keep-alive\r\nKeep-Alive: 1\r\nX-Kept: 1\r\n\r\n");
            Response response = client.readResponse();

            assertThat(backend.awaitRequest())
                    .contains("Host: web\r\n", "X-Kept: 1\r\n")
                    .doesNotContain("X-Mine", "TE:", "Keep-Alive", "Connection");
            assertThat(response.head())
                    .contains("X-Kept: 1\r\n")
                    .doesNotContain("X-Secret", "Keep-Alive", "Connection");
        }
    }

    @Test
    void forwardedAddressesAreJoinedInOneLine() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\n"
                    + "X-Forwarded-For: 2.2.2.2\r\n\r\n");
            client.readResponse();

            assertThat(backend.awaitRequest())
                    .contains("X-Forwarded-For: 1.1.1.1, 2.2.2.2, 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: https\r\n")
                    .contains("X-Forwarded-Host: web\r\n")
                    .doesNotContain("X-Forwarded-Proto: http\r\n");
        }
    }

    @Test
    void aResponseThatEndsWithItsConnectionIsChunkedForAClientThatKnowsChunks() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                Response response = client.readResponse();
                assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
                assertThat(response.body()).isEqualTo("until the end");
            }
        }
    }

    @Test
    void aClientOfVersionOneZeroGetsThePlainBodyAndTheEnd() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.0\r\n\r\n");

            assertThat(client.readToEnd()).endsWith("\r\nConnection: close\r\n\r\nabcde");
        }
    }

    @Test
    void aClientOfVersionOneZeroMayKeepItsConnection() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                Response response = client.readResponse();
                assertThat(response.header("Connection")).isEqualTo("keep-alive");
                assertThat(response.body()).isEqualTo("x");
            }
        }
    }

    @Test
    void anAbsoluteTargetBecomesAPathAndItsAuthorityTheHost() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET http://real.example?q HTTP/1.1\r\nHost: other\r\n\r\n");
            client.readResponse();

            assertThat(backend.awaitRequest())
                    .startsWith("GET /?q HTTP/1.1\r\nHost: real.example\r\n")
                    .doesNotContain("other");
        }
    }

    @Test
    void aClientMayEndItsSideAndStillGetsItsResponse() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("late");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").endOutput();

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK").endsWith("late");
        }
    }

    @Test
    void aClientMayEndItsSideAndReadALargeResponseSlowly() throws IOException {
        int total = 32 << 20;
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
                    conversation.write(new byte[total]);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").endOutput();
            Await.until("the client's buffers are full", () -> proxy.pool().total(PoolCounter.RESPONSES_2XX) == 1);

            assertThat(client.readResponse().body()).hasSize(total);
        }
        proxy.awaitQuiet();
    }

    @Test
    void anUpgradeTurnsIntoATunnel() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhi");
                    conversation.write(conversation.read(5));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            Response response = client.readHeadOnly();
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.header("Upgrade")).isEqualTo("echo");
            client.send("12345");
            assertThat(client.readToEnd()).isEqualTo("hi12345");
            assertThat(backend.received().get(0)).containsIgnoringCase("Connection: upgrade\r\n");
        }
        proxy.awaitQuiet();
    }
}
