package io.myelin.health;

import static io.myelin.health.ScriptedServer.answering;
import static io.myelin.health.ScriptedServer.readRequest;
import static io.myelin.health.ScriptedServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.health.ScriptedServer.Script;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class ProbeTest {
    private static final EventLoopGroup GROUP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(40);

    @AfterAll
    static void stopLoops() {
        GROUP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aConnectionSatisfiesTcp() throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer(client -> {})) {
            ProbeResult result = ask(new TcpProbe(LONG, Introduction.NONE, Clock.SYSTEM), server.port());

            assertThat(result.finding()).isEqualTo(Finding.of(CheckStatus.L4OK, "connected"));
            assertThat(result.reason()).matches("connected in \\d+ ms");
        }
    }

    @Test
    void tcpEndsWithAReset() throws IOException, InterruptedException {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Script waitForTheEnd = client -> {
            try {
                end.completeExceptionally(
                        new AssertionError("read " + client.getInputStream().read()));
            } catch (SocketException e) {
                end.complete(e);
            }
        };
        try (ScriptedServer server = new ScriptedServer(waitForTheEnd)) {
            ask(new TcpProbe(LONG, Introduction.NONE, Clock.SYSTEM), server.port());

            assertThat(end.orTimeout(5, TimeUnit.SECONDS).join()).hasMessageContaining("reset");
        }
    }

    @Test
    void aRefusalFailsBothKinds() throws IOException, InterruptedException {
        Finding refused = Finding.of(CheckStatus.L4CON, "connect refused");
        try (Socket deaf = new Socket()) {
            // It has its port, so that nobody else does, and does not listen there.
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = deaf.getLocalPort();

            assertThat(ask(new TcpProbe(LONG, Introduction.NONE, Clock.SYSTEM), port)
                            .finding())
                    .isEqualTo(refused);
            assertThat(ask(http(Expectation.SUCCESS, LONG), port).finding()).isEqualTo(refused);
        }
    }

    @Test
    void aConnectionThatDoesNotStandInTimeFails() throws IOException, InterruptedException {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillQueue(full, fillers);

            assertThat(ask(new TcpProbe(SHORT, Introduction.NONE, Clock.SYSTEM), full.getLocalPort())
                            .reason())
                    .isEqualTo("timeout after 40 ms (connect)");
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"200, L7OK", "302, L7OK", "404, L7STS", "500, L7STS"})
    void theStatusDecides(int code, CheckStatus status) throws IOException, InterruptedException {
        ProbeResult result = askHttp(Expectation.SUCCESS, answering("HTTP/1.0 " + code + " X\r\n\r\n"));

        assertThat(result.finding()).isEqualTo(new Finding(status, code, "http " + code));
        assertThat(result.reason()).matches("http " + code + " in \\d+ ms");
    }

    @Test
    void theBodyDecides() throws IOException, InterruptedException {
        assertThat(askHttp(Checks.CONTAINS_OK, answering("HTTP/1.0 200 X\r\n\r\nis OK"))
                        .reason())
                .matches("http 200 in \\d+ ms");
        assertThat(askHttp(Checks.CONTAINS_OK, answering("HTTP/1.0 200 X\r\n\r\nis not"))
                        .reason())
                .isEqualTo("http 200, body lacks \"OK\"");
    }

    @Test
    void anAnswerInPiecesIsReadToItsEnd() throws IOException, InterruptedException {
        Script inPieces = client -> {
            readRequest(client);
            for (String piece :
                    List.of("HTTP/1", ".1 200 O", "K\r\nTransfer-Encoding: chunked\r\n\r", "\n1\r\nO\r\n")) {
                send(client, piece);
            }
            send(client, "1\r\nK\r\n");
        };

        assertThat(askHttp(Checks.CONTAINS_OK, inPieces).finding())
                .isEqualTo(new Finding(CheckStatus.L7OK, 200, "http 200"));
    }

    @Test
    void garbageFailsAtOnce() throws IOException, InterruptedException {
        assertThat(askHttp(Expectation.SUCCESS, client -> send(client, "220 mail ready"))
                        .reason())
                .isEqualTo("malformed status line");
    }

    @Test
    void aCloseBeforeTheStatusLineFails() throws IOException, InterruptedException {
        assertThat(askHttp(Expectation.SUCCESS, answering("")).reason()).isEqualTo("closed before status line");
    }

    @Test
    void aResetBeforeTheStatusLineFails() throws IOException, InterruptedException {
        Script reset = client -> {
            readRequest(client);
            client.setSoLinger(true, 0);
            client.close();
        };

        assertThat(askHttp(Expectation.SUCCESS, reset).reason()).isEqualTo("reset before status line");
    }

    @Test
    void silenceFailsAfterTheTimeLimit() throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer(client -> {})) {
            ProbeResult result = ask(http(Checks.CONTAINS_OK, SHORT), server.port());

            assertThat(result.finding()).isEqualTo(Finding.of(CheckStatus.L7TOUT, "timeout after 40 ms (status line)"));
            assertThat(result.nanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
        }
    }

    /** On a loop whose time stands still until all that comes has come. */
    @ParameterizedTest
    @CsvSource({"HTTP/1.0 200 OK|, end of head", "HTTP/1.0 200 OK||O, end of body"})
    void silenceIsToldByWhatDidNotCome(String beginning, String awaited) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        Promise<ProbeResult> answer = channel.eventLoop().newPromise();
        ProbeConnection connection = new ProbeConnection(
                channel.eventLoop(), channel.remoteAddress(), LONG, answer, Clock.SYSTEM, Clock.SYSTEM.nanoTime());
        channel.pipeline()
                .addLast(http(Checks.CONTAINS_OK, SHORT).handler(connection, Endpoint.of("a", "127.0.0.1", 80), ""));
        channel.pipeline().fireChannelActive();
        channel.writeInbound(Unpooled.copiedBuffer(beginning.replace("|", "\r\n"), StandardCharsets.US_ASCII));

        channel.advanceTimeBy(SHORT.toNanos() - 1, TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
        assertThat(answer.isDone()).isFalse();
        channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
        assertThat(answer.getNow().finding())
                .isEqualTo(Finding.of(CheckStatus.L7TOUT, "timeout after 40 ms (" + awaited + ")"));
        channel.finishAndReleaseAll();
    }

    @Test
    void canceledAttemptsCloseTheirConnection() throws IOException, InterruptedException {
        CompletableFuture<Integer> afterRequest = new CompletableFuture<>();
        CompletableFuture<String> requested = new CompletableFuture<>();
        Script waitForTheEnd = client -> {
            requested.complete(readRequest(client));
            afterRequest.complete(client.getInputStream().read());
        };
        try (ScriptedServer server = new ScriptedServer(waitForTheEnd)) {
            Promise<ProbeResult> answer = begin(http(Expectation.SUCCESS, LONG), server.port());
            requested.orTimeout(5, TimeUnit.SECONDS).join();

            answer.cancel(false);

            assertThat(afterRequest.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo(-1);
        }
    }

    @Test
    void sendsTheRequestAsWritten() throws IOException, InterruptedException {
        CompletableFuture<String> requested = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(client -> requested.complete(readRequest(client)))) {
            begin(http(Expectation.SUCCESS, LONG), server.port());

            assertThat(requested.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo("GET /ping HTTP/1.0\r\n\r\n");
        }
    }

    @Test
    void aNewerVersionNamesTheHostAndAsksToClose() {
        assertThat(requestTo(Endpoint.of("a", "10.0.0.1", 80), List.of("X-A: b")))
                .isEqualTo("GET / HTTP/1.1\r\nX-A: b\r\nHost: 10.0.0.1:80\r\nConnection: close\r\n\r\n");
        assertThat(requestTo(Endpoint.of("a", "::1", 80), List.of()))
                .isEqualTo("GET / HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n");
        assertThat(requestTo(Endpoint.of("a", "10.0.0.1", 80), List.of("host: www", "CONNECTION: upgrade")))
                .isEqualTo("GET / HTTP/1.1\r\nhost: www\r\nCONNECTION: upgrade\r\n\r\n");
    }

    private static String requestTo(Endpoint endpoint, List<String> headers) {
        HttpCheck check = new HttpCheck("GET", "/", "HTTP/1.1", headers, Expectation.SUCCESS);
        return new HttpProbe(check, LONG, LONG, Introduction.NONE, Clock.SYSTEM).request(endpoint);
    }

    private static ProbeResult askHttp(Expectation expectation, Script script)
            throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer(script)) {
            return ask(http(expectation, LONG), server.port());
        }
    }

    private static HttpProbe http(Expectation expectation, Duration readTimeout) {
        return new HttpProbe(Checks.get(expectation), LONG, readTimeout, Introduction.NONE, Clock.SYSTEM);
    }

    private static ProbeResult ask(Probe probe, int port) throws InterruptedException {
        Promise<ProbeResult> answer = begin(probe, port);
        assertThat(answer.await(5, TimeUnit.SECONDS)).isTrue();
        return answer.getNow();
    }

    private static Promise<ProbeResult> begin(Probe probe, int port) {
        EventLoop loop = GROUP.next();
        Promise<ProbeResult> answer = loop.newPromise();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        loop.execute(() -> probe.ask(loop, Endpoint.of("a", "127.0.0.1", port), address, answer));
        return answer;
    }

    /** Connects until the kernel lets nobody else in. */
    private static void fillQueue(ServerSocket server, List<Socket> fillers) throws IOException {
        try {
            while (fillers.size() < 100) {
                Socket filler = new Socket();
                fillers.add(filler);
                filler.connect(server.getLocalSocketAddress(), 100);
            }
        } catch (SocketTimeoutException ignored) {
            // The queue is full, which is what this is for.
        }
    }
}
