package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.net.SocketTypes;
import io.myelin.testing.Await;
import io.myelin.testing.Gate;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole process on io_uring, from its start to its end under traffic. */
@Timeout(60)
class IoUringIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final int BULK = 1 << 20;

    @TempDir
    Path directory;

    private final byte[] bulk = new byte[BULK];
    private final Gate gate = new Gate();
    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            if (head.startsWith("GET /held ")) {
                gate.pass();
            }
            byte[] body = head.startsWith("POST ") ? bulk : "hello".getBytes(ISO_8859_1);
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
            conversation.write(body);
        }
    });
    private final LoopbackBackend echo = LoopbackBackend.running(
            conversation -> conversation.in().transferTo(conversation.socket().getOutputStream()));

    @BeforeAll
    static void requireIoUring() {
        String whyNot = SocketTypes.IO_URING.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "no io_uring here: " + whyNot);
    }

    @AfterEach
    void close() {
        gate.open();
        member.close();
        echo.close();
    }

    @Test
    void servesAndEndsInPeace() throws IOException, InterruptedException {
        new Random(1).nextBytes(bulk);
        try (Child child = Child.from(directory, yaml(), "--transport", "io_uring");
                RawClient kept = RawClient.to(child.port("web"));
                RawClient held = RawClient.to(child.port("web"))) {
            assertThat(child.admin().json("/api/v1/process").path("transport").asText())
                    .startsWith("io_uring");
            for (int i = 0; i < 100; i++) {
                assertThat(kept.send(GET).readResponse().body()).isEqualTo("hello");
            }
            kept.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: " + BULK + "\r\n\r\n")
                    .send(bulk);
            assertThat(kept.readResponse().body()).isEqualTo(new String(bulk, ISO_8859_1));
            try (RawClient tunnel = RawClient.to(child.port("relay"))) {
                assertThat(echoed(tunnel)).isEqualTo(new String(bulk, ISO_8859_1));
            }
            held.send(GET.replace("/ ", "/held "));
            Await.until(
                    "one is held", () -> member.received().stream().anyMatch(head -> head.startsWith("GET /held ")));

            child.signal("TERM");

            assertThat(kept.ended()).isTrue();
            gate.letOne();
            assertThat(held.readResponse().body()).isEqualTo("hello");
            assertThat(child.process().exitCode()).isZero();
            assertThat(child.process().errors()).doesNotContain(" WARN ", "ERROR");
        }
    }

    /** Sends everything and ends the output while what comes back is read. */
    private String echoed(RawClient tunnel) throws IOException {
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendAll(tunnel));
        String received = tunnel.readToEnd();
        sent.join();
        return received;
    }

    private void sendAll(RawClient tunnel) {
        try {
            tunnel.send(bulk).endOutput();
        } catch (IOException e) {
            throw new AssertionError("not sent", e);
        }
    }

    private String yaml() {
        return """
                services:
                  web: {port: "127.0.0.1:0", servers: ["127.0.0.1:%d"]}
                  relay: {port: "127.0.0.1:0", protocol: tcp, servers: ["127.0.0.1:%d"]}
                """.formatted(member.port(), echo.port());
    }
}
