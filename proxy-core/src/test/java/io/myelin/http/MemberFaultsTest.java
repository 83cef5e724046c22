package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.LoopbackBackend.Conversation;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong with a member, or with a client, at every step of an exchange: its status, its count, and no trace.
 */
@Timeout(30)
@Tag("sockets")
class MemberFaultsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\n\r\nbody";
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n";

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.httpOn(clock);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void stop() {
        over.countDown();
        proxy.close();
    }

    /** How a member ends what it began. */
    enum Ending {
        CLOSE,
        RESET,
        HANG
    }

    private void end(Conversation conversation, Ending ending) throws IOException {
        switch (ending) {
            case CLOSE -> conversation.socket().shutdownOutput();
            case RESET -> conversation.reset();
            case HANG -> await(over);
        }
    }

    private LoopbackBackend saying(String beginning, Ending ending) {
        return LoopbackBackend.running(conversation -> {
            conversation.readRequest();
            conversation.write(beginning.replace("\\r", "\r").replace("\\n", "\n"));
            end(conversation, ending);
        });
    }

    private void impatient() {
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .serverTimeout(Duration.ofMillis(200))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "'', CLOSE, 502, UPSTREAM_CLOSED",
        "'', RESET, 502, UPSTREAM_CLOSED",
        "'', HANG, 504, RESPONSE_TIMEOUT",
        "'H', CLOSE, 502, UPSTREAM_CLOSED",
        "'HTTP/1.1 200 OK\\r\\nConte', CLOSE, 502, UPSTREAM_CLOSED",
        "'HTTP/1.1 200 OK\\r\\nConte', RESET, 502, UPSTREAM_CLOSED",
        "'HTTP/1.1 200 OK\\r\\nConte', HANG, 504, RESPONSE_TIMEOUT",
        "'HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP', CLOSE, 502, UPSTREAM_CLOSED",
        "'HTTP/1.1 103 Hints\\r\\n\\r\\n', HANG, 504, RESPONSE_TIMEOUT",
        "'nonsense\\r\\n', HANG, 502, MALFORMED_RESPONSE",
        "'HTTP/1.1 200 OK\\r\\n: x\\r\\n', HANG, 502, MALFORMED_RESPONSE"
    })
    void beforeItsHeadIsComplete(String beginning, Ending ending, int status, Failure failure) throws IOException {
        if (failure == Failure.RESPONSE_TIMEOUT) {
            impatient();
        }
        try (LoopbackBackend backend = saying(beginning, ending);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Response response = client.send(POST).readResponse();
            while (response.status() < 200) {
                response = client.readResponse();
            }
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo(failure.label());
            assertCounted(failure);
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void inItsBody(Ending ending) throws IOException {
        for (String body :
                List.of("Content-Length: 10\\r\\n\\r\\n12345", "Transfer-Encoding: chunked\\r\\n\\r\\n5\\r\\n12")) {
            long before = proxy.server().pools().isEmpty() ? 0 : proxy.pool().total(Failure.RESPONSE_TRUNCATED);
            try (LoopbackBackend backend = saying("HTTP/1.1 200 OK\\r\\n" + body, ending);
                    RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
                int first = client.send(GET).socket().getInputStream().read();
                if (ending == Ending.HANG) {
                    clock.skip(UpstreamConfig.DEFAULT.serverTimeout().plusSeconds(1));
                }
                String received = (char) first + client.readToEnd();
                assertThat(received).startsWith("HTTP/1.1 200 OK").doesNotContain("\r\n0\r\n");
                Await.until("it is counted", () -> proxy.pool().total(Failure.RESPONSE_TRUNCATED) == before + 1);
            }
            proxy.awaitQuiet();
        }
    }

    @Test
    void anEndlessHeadIs502() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT.with().maxResponseHeadBytes(1_000).build());
        try (LoopbackBackend backend =
                        saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + "x".repeat(1_000), Ending.HANG);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(502);
            assertCounted(Failure.MALFORMED_RESPONSE);
        }
    }

    @Test
    void aHeadOfTheLongestLengthPasses() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .maxResponseHeadBytes(head.length() + 904)
                .build());
        try (LoopbackBackend backend = saying(head + "x".repeat(900) + "\r\n\r\n", Ending.HANG);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "x", "\r\n"})
    void whatComesBehindItsAnswerIsNobodysAnswer(String more) throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readRequest().isEmpty()) {
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx" + more);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
            }
            assertThat(backend.connections()).isEqualTo(3);
        }
    }

    @Test
    void anUnusedConnectionEndsBeforeTheMemberSaysItDoes() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    while (!conversation.readRequest().isEmpty()) {
                        conversation.write(
                                "HTTP/1.1 200 OK\r\nKeep-Alive: max=9, Timeout=1\r\nContent-Length: 1\r\n\r\nx");
                    }
                    over.countDown();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            long startNanos = System.nanoTime();
            client.send(GET).readResponse();
            Await.until("the proxy has closed its connection", () -> over.getCount() == 0);
            assertThat(System.nanoTime() - startNanos)
                    .isBetween(
                            Duration.ofMillis(450).toNanos(),
                            Duration.ofSeconds(5).toNanos());
            assertThat(client.send(GET).readResponse().body()).isEqualTo("x");
        }
    }

    @Test
    void aClientThatVanishesWhileAMemberIsConnectedIsForgotten() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(Duration.ofSeconds(20))
                .retries(0)
                .build());
        List<Socket> queued = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillQueueOf(full, queued);
            try (RawClient client =
                    RawClient.to(proxy.start(full.getLocalPort()).port())) {
                client.send(GET);
                Await.until("the exchange has begun", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == 1);
                vanish(client);
            }
            assertCounted(Failure.CLIENT_GONE);
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/1.1 200 OK\\r\\nConte", "HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\n12345"})
    void aClientThatVanishesFreesItsMember(String beginning) throws IOException, InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write(beginning.replace("\\r", "\r").replace("\\n", "\n"));
                    try {
                        assertThat(conversation.in().read()).isNegative();
                    } finally {
                        closed.countDown();
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET);
            backend.awaitRequest();
            vanish(client);
            Await.until("the member's connection ends", () -> closed.getCount() == 0);
            assertCounted(Failure.CLIENT_GONE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatVanishesInItsUploadFreesItsMember(boolean early) throws IOException, InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write(early ? HEAD + "\r\n" : "");
                    try {
                        conversation.in().readAllBytes();
                    } finally {
                        closed.countDown();
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000));
            backend.awaitRequest();
            vanish(client);
            Await.until("the member's connection ends", () -> closed.getCount() == 0);
            assertCounted(Failure.CLIENT_GONE);
        }
    }

    private void assertCounted(Failure failure) {
        proxy.awaitQuiet();
        Await.until("it is counted", () -> proxy.pool().total(failure) == 1);
        Await.until(
                "its member is free",
                () -> proxy.pool().snapshot().members().get(0).total(MemberCounter.IN_FLIGHT) == 0);
    }

    private static void vanish(RawClient client) throws IOException {
        client.socket().setSoLinger(true, 0);
        client.hangUp();
    }

    private static void fillQueueOf(ServerSocket full, List<Socket> queued) throws IOException {
        for (int i = 0; i < 16; i++) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 100);
            } catch (SocketTimeoutException ignored) {
                // The queue is full, which is what was wanted.
                return;
            }
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
