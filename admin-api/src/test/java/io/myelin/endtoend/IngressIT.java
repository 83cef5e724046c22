package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An ingress of a {@code tye.yaml} in front of services that run elsewhere, and of one that has no replica. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class IngressIT {
    private SwitchableServer a;
    private SwitchableServer b;
    private World world;
    private int port;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException, StartException, InterruptedException {
        a = new SwitchableServer("a", 0);
        b = new SwitchableServer("b", 0);
        world = World.from(directory, """
                name: shop
                ingress:
                  - name: edge
                    bindings: [{port: %d}]
                    rules:
                      - {path: /A, service: a}
                      - {path: /B, service: b}
                      - {path: /C, service: a, preservePath: true}
                      - {path: /api, service: a}
                      - {path: /api/v2, service: b}
                      - {path: /same, service: a}
                      - {path: /same, service: b, host: b.example.com}
                      - {host: a.example.com, service: a}
                      - {host: b.example.com, service: b}
                      - {host: "*.wild.example.com", service: b}
                      - {path: /nobody, service: nobody}
                services:
                  - {name: a, external: true, bindings: [{port: %d, protocol: http}]}
                  - {name: b, external: true, bindings: [{port: %d, protocol: http}]}
                  - {name: nobody, executable: sleep, args: "300", replicas: 0, bindings: [{protocol: http}]}
                  - {name: silent, executable: sleep, args: "300", replicas: 0, bindings: [{}]}
                """.formatted(Ports.free(1).get(0), a.port(), b.port()));
        port = world.port("edge");
    }

    @AfterAll
    void stop() throws IOException {
        world.close();
        a.close();
        b.close();
    }

    @ParameterizedTest
    @CsvSource({
        "elsewhere, /A, a /",
        "elsewhere, /a/, a /",
        "elsewhere, /A/x/y, a /x/y",
        "elsewhere, /B/x, b /x",
        "B.EXAMPLE.COM, /t, b /t",
        "a.example.com:8080, /t, a /t",
        "x.wild.example.com, /t, b /t",
        "elsewhere, /C/test, a /C/test",
        "elsewhere, /api/x, a /x",
        "elsewhere, /api/v2/x, b /x",
        "elsewhere, /same, a /",
        "b.example.com, /same, b /"
    })
    void scenario18RulesMatchByPathAndHost(String host, String path, String answer) throws IOException {
        assertThat(ask("GET", path, "Host: " + host, "").body()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"elsewhere, /Ax", "elsewhere, /", "wild.example.com, /t"})
    void scenario18WhatNoRuleTakesIsNotFound(String host, String path) throws IOException {
        assertThat(ask("GET", path, "Host: " + host, "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"POST", "DELETE"})
    void scenario19QueryAndBodyArriveAsTheyAre(String method) throws IOException {
        String body = "some content";
        Response echo =
                ask(method, "/A/echo?k=1&k=2&path=%2F%20x", "Host: shop\r\nContent-Length: " + body.length(), body);

        assertThat(echo.body())
                .startsWith(method + " /echo?k=1&k=2&path=%2F%20x HTTP/1.1")
                .endsWith("\r\n" + body);
    }

    @Test
    void scenario19PercentEncodingArrivesUnchanged() throws IOException {
        assertThat(ask("GET", "/A/%2Fx%20y", "Host: shop", "").body()).isEqualTo("a /%2Fx%20y");
    }

    @Test
    void scenario20ForwardingIsToldAndConnectionsAreKeptApart() throws IOException {
        Response echo = ask(
                "GET",
                "/A/echo",
                "Host: shop:81\r\nX-Forwarded-For: 10.1.2.3\r\nConnection: X-Hop\r\nX-Hop: 1\r\nCookie: user=1",
                "");
        assertThat(echo.body())
                .contains("X-Forwarded-For: 10.1.2.3, 127.0.0.1\r\n")
                .contains("X-Forwarded-Proto: http\r\n")
                .contains("X-Forwarded-Host: shop:81\r\n")
                .containsPattern("Via: 1\\.1 \\S+\r\n")
                .contains("Host: localhost:" + a.port() + "\r\n")
                .contains("Cookie: user=1\r\n")
                .doesNotContain("X-Hop");

        assertThat(ask("GET", "/A/echo", "Host: shop\r\nCookie: user=2", "").body())
                .contains("user=2")
                .doesNotContain("user=1");
    }

    @Test
    void scenario21AWebSocketEchoesTextAndBytesAndEndsWithItsCode() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("chat")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/A/ws"), new Ear(heard))
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(socket.getSubprotocol()).isEqualTo("chat");
        socket.sendText("hello", true).join();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("text hello");
        socket.sendBinary(ByteBuffer.wrap(new byte[300]), true).join();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("binary 300");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("close 1000 done");
    }

    @Test
    void scenario21AWebSocketOfNobodyMeetsABadGateway() throws IOException {
        Response response = ask(
                "GET",
                "/nobody/ws",
                "Host: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "");
        assertThat(response.status()).isEqualTo(502);
    }

    @Test
    void scenario14And16WithoutReplicasAnIngressIsABadGatewayAndABindingCloses() throws IOException {
        double before = failures("nobody");
        Response response = ask("GET", "/nobody/x", "Host: shop", "");
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).isEqualTo("Bad gateway");
        assertThat(failures("nobody")).isEqualTo(before + 1);

        before = failures("silent");
        try (RawClient client = RawClient.to(world.port("silent"))) {
            assertThat(client.ended()).isTrue();
        }
        assertThat(failures("silent")).isEqualTo(before + 1);
    }

    private double failures(String pool) {
        return world.admin()
                .metrics()
                .sum("myelin_pool_failures_total", "pool=\"" + pool + "\"", "reason=\"no_member\"");
    }

    private Response ask(String method, String target, String fields, String body) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send(method + " " + target + " HTTP/1.1\r\n" + fields + "\r\n\r\n" + body)
                    .readResponse();
        }
    }

    /** Writes down what it hears. */
    record Ear(BlockingQueue<String> heard) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add("text " + data);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            heard.add("binary " + data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code + " " + reason);
            return null;
        }
    }
}
