package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a process, as its clients see it. */
@Timeout(60)
class DrainIT {
    private static final int BUSY = 16;
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    @TempDir
    Path directory;

    /** Holds the answer to every request for /slow until this is zero. */
    private final CountDownLatch answer = new CountDownLatch(1);

    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            if (head.contains("/endless")) {
                conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun");
            }
            if (head.contains("/slow") || head.contains("/endless")) {
                await(answer);
            }
            conversation.write(OK);
        }
    });
    private final LoopbackBackend echo = LoopbackBackend.running(conversation -> {
        for (byte[] bytes = conversation.read(4); bytes.length > 0; bytes = conversation.read(4)) {
            conversation.write(bytes);
        }
    });

    @AfterEach
    void closeAll() {
        answer.countDown();
        member.close();
        echo.close();
    }

    @Test
    void requestsInFlightFinishAndNothingElseBegins() throws IOException, InterruptedException {
        List<RawClient> busy = new ArrayList<>();
        try (Child child = Child.from(directory, yaml(), "--drain-timeout", "20s");
                RawClient idle = RawClient.to(child.port("web"));
                RawClient silent = RawClient.to(child.port("web"))) {
            int port = child.port("web");
            assertThat(idle.send(GET).readResponse().status()).isEqualTo(200);
            member.awaitRequest();
            for (int i = 0; i < BUSY; i++) {
                busy.add(RawClient.to(port).send(GET.replace("/ ", "/slow ")));
                member.awaitRequest();
            }

            long startNanos = System.nanoTime();
            child.signal("TERM");

            HttpResponse<String> ready = awaitDraining(child.admin());
            assertThat(ready.body()).contains("draining");
            assertThat(child.admin().get("/live").statusCode()).isEqualTo(200);
            assertThat(child.admin().metrics().sum("myelin_draining")).isEqualTo(1);
            Await.until("new connections are refused", () -> Ports.refused(port));
            assertThat(idle.socket().getInputStream().read()).isEqualTo(-1);
            assertThat(silent.socket().getInputStream().read()).isEqualTo(-1);

            answer.countDown();
            for (RawClient client : busy) {
                RawClient.Response response = client.readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("OK");
                assertThat(response.header("Connection")).isEqualTo("close");
            }
            assertThat(child.process().exitCode()).isZero();
            assertThat(elapsed(startNanos)).isLessThan(Duration.ofSeconds(10));
            assertThat(child.process().errors()).doesNotContain("ERROR").doesNotContain(" WARN ");
        } finally {
            for (RawClient client : busy) {
                client.close();
            }
        }
    }

    @Test
    void whatNeverEndsIsCutAtTheLimit() throws IOException, InterruptedException {
        try (Child child = Child.from(directory, yaml(), "--drain-timeout", "3s");
                RawClient begun = RawClient.to(child.port("web"));
                RawClient waiting = RawClient.to(child.port("web"));
                RawClient tunnel = RawClient.to(child.port("relay"))) {
            begun.send(GET.replace("/ ", "/endless "));
            waiting.send(GET.replace("/ ", "/slow "));
            member.awaitRequest();
            member.awaitRequest();
            assertThat(echoed(tunnel)).isEqualTo("ping");

            long startNanos = System.nanoTime();
            child.signal("TERM");
            awaitDraining(child.admin());
            assertThat(echoed(tunnel)).isEqualTo("ping");

            assertThat(child.process().exitCode()).isZero();
            assertThat(elapsed(startNanos)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(7));
            assertThatThrownBy(begun::readResponse).isInstanceOf(IOException.class);
            assertThatThrownBy(waiting::readResponse).isInstanceOf(IOException.class);
            assertThat(child.process().errors())
                    .contains("Cut connections that did not finish: connections=3")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void aSecondSignalCutsAtOnce() throws IOException, InterruptedException {
        try (Child child = Child.from(directory, yaml(), "--drain-timeout", "30s");
                RawClient waiting = RawClient.to(child.port("web"))) {
            waiting.send(GET.replace("/ ", "/slow "));
            member.awaitRequest();
            child.signal("TERM");
            awaitDraining(child.admin());

            long startNanos = System.nanoTime();
            child.signal("TERM");

            assertThat(child.process().exitCode()).isZero();
            assertThat(elapsed(startNanos)).isLessThan(Duration.ofSeconds(4));
            assertThatThrownBy(waiting::readResponse).isInstanceOf(IOException.class);
            assertThat(child.process().errors()).doesNotContain("ERROR").doesNotContain("Exception");
        }
    }

    private static HttpResponse<String> awaitDraining(Admin admin) {
        Await.until("not ready any more", () -> admin.get("/ready").statusCode() == 503);
        return admin.get("/ready");
    }

    private static String echoed(RawClient tunnel) throws IOException {
        tunnel.send("ping");
        return new String(tunnel.socket().getInputStream().readNBytes(4), ISO_8859_1);
    }

    private static Duration elapsed(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String yaml() {
        return """
                services:
                  web:
                    port: 0
                    servers: ["127.0.0.1:%d"]
                  relay:
                    port: 0
                    protocol: tcp
                    servers: ["127.0.0.1:%d"]
                """.formatted(member.port(), echo.port());
    }
}
