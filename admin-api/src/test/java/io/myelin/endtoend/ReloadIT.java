package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reloads by SIGHUP of a process of its own, and what open connections notice of them. */
@Timeout(60)
class ReloadIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    /** One process for all tests: each begins with a reload of its own. */
    private static final AtomicReference<@Nullable Child> CHILD = new AtomicReference<>();

    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final LoopbackBackend echo = LoopbackBackend.running(conversation -> {
        for (byte[] bytes = conversation.read(4); bytes.length > 0; bytes = conversation.read(4)) {
            conversation.write(bytes);
        }
    });

    @BeforeAll
    static void startProcess(@TempDir Path directory) throws IOException {
        CHILD.set(Child.from(directory, "services: {}", "--drain-timeout", "200ms"));
    }

    @AfterAll
    static void stopProcess() throws IOException, InterruptedException {
        try (Child child = child()) {
            assertThat(child.stop())
                    .contains("Reload refused, the previous configuration goes on")
                    .contains("Service not reloaded, its previous version goes on: service=web")
                    .doesNotContain("Exception");
        }
    }

    private static Child child() {
        return Objects.requireNonNull(CHILD.get());
    }

    private static Child reloaded(String yaml) throws IOException {
        Child child = child();
        child.reload(yaml);
        return child;
    }

    @AfterEach
    void closeAll() {
        List.of(one, two, echo).forEach(LoopbackBackend::close);
    }

    @Test
    void connectionsOutliveAReloadOfTheServicesAroundThem() throws IOException {
        String unchanged = http("web", 0, one, "") + tcp("relay", 0, echo);
        Child child = reloaded(services(unchanged + http("gone", 0, one, "") + http("api", 0, one, "")));
        try (RawClient keptAlive = RawClient.to(child.port("web"));
                RawClient tunnel = RawClient.to(child.port("relay"));
                RawClient moved = RawClient.to(child.port("api"))) {
            assertThat(get(keptAlive)).isEqualTo("one");
            assertThat(get(moved)).isEqualTo("one");
            assertThat(echoed(tunnel, "ping")).isEqualTo("ping");
            int gonePort = child.port("gone");
            int webPort = child.port("web");

            child.reload(
                    services(unchanged + http("api", 0, two, "timeouts: {server: 300ms}") + http("fresh", 0, two, "")));

            assertThat(get(keptAlive)).isEqualTo("one");
            assertThat(echoed(tunnel, "pong")).isEqualTo("pong");
            assertThat(get(moved)).isEqualTo("two");
            assertThat(one.connections()).isEqualTo(2);
            assertThat(child.port("web")).isEqualTo(webPort);
            assertThat(getOnce(child.port("fresh"))).isEqualTo("two");
            Await.until("the removed service's port is closed", () -> Ports.refused(gonePort));
            assertThat(child.admin().get("/api/v1/services/gone").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void timeoutsChangeWithTheNextRequest() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (LoopbackBackend silent = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    await(over);
                });
                RawClient client = RawClient.to(
                        reloaded(services(http("web", 0, silent, ""))).port("web"))) {
            reloaded(services(http("web", 0, silent, "timeouts: {server: 300ms}")));

            RawClient.Response response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(504);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("response_timeout");
        } finally {
            over.countDown();
        }
    }

    @Test
    void aFileThatCannotBeReadChangesNothing() throws IOException {
        Child child = reloaded(services(http("web", 0, one, "")));
        try (RawClient client = RawClient.to(child.port("web"))) {
            assertThat(get(client)).isEqualTo("one");
            JsonNode before = config(child);

            child.reload("services: {web: [");

            assertThat(get(client)).isEqualTo("one");
            JsonNode after = config(child);
            assertThat(after.path("version")).isEqualTo(before.path("version"));
            assertThat(after.path("rejected").asInt())
                    .isEqualTo(before.path("rejected").asInt() + 1);
            assertThat(after.path("error").asText()).contains("myelin.yaml:1");
            assertThat(child.admin().metrics().sum("myelin_config_rejected_total"))
                    .isEqualTo(after.path("rejected").asInt());

            child.reload("");
            assertThat(get(client)).isEqualTo("one");
            assertThat(config(child).path("error").asText()).contains("myelin.yaml: is empty while services run");

            child.reload(services(http("web", 0, two, "")));
            assertThat(get(client)).isEqualTo("two");
        }
    }

    @Test
    void aServiceThatTheReloadBreaksGoesOnAsItWas() throws IOException {
        String frontends = "frontends:\n  edge: {bind: \"127.0.0.1:0\"}\n";
        String route = "routes: [{host: web.example.com}]";
        Child child = reloaded(services(http("web", 0, one, route)) + frontends);
        try (RawClient direct = RawClient.to(child.port("web"));
                RawClient routed = RawClient.to(child.port("edge"))) {
            String request = "GET / HTTP/1.1\r\nHost: web.example.com\r\n\r\n";
            assertThat(get(direct)).isEqualTo("one");
            assertThat(routed.send(request).readResponse().body()).isEqualTo("one");

            child.reload(services(http("web", 0, two, route + "\n    balance: fastest") + http("api", 0, two, ""))
                    + frontends);

            assertThat(get(direct)).isEqualTo("one");
            assertThat(routed.send(request).readResponse().body()).isEqualTo("one");
            assertThat(getOnce(child.port("api"))).isEqualTo("two");
            JsonNode service = child.admin().service("web");
            assertThat(service.path("problems").toString()).contains("fastest").contains("myelin.yaml:7:");

            child.reload(services(http("web", 0, two, route)) + frontends);
            assertThat(get(direct)).isEqualTo("two");
            assertThat(child.admin().service("web").path("problems")).isEmpty();
        }
    }

    @Test
    void anotherPortMovesTheListenerAndLosesNoRequest() throws IOException, InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        List<Integer> ports = Ports.free(2);
        try (LoopbackBackend slow = LoopbackBackend.running(conversation -> {
                    for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                        if (head.contains("/slow")) {
                            await(answer);
                        }
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
                    }
                });
                RawClient busy = RawClient.to(
                        reloaded(services(http("web", ports.get(0), slow, ""))).port("web"));
                RawClient idle = RawClient.to(ports.get(0))) {
            assertThat(get(idle)).isEqualTo("slow");
            busy.send("GET /slow HTTP/1.1\r\nHost: web\r\n\r\n");
            slow.awaitRequest();
            slow.awaitRequest();

            reloaded(services(http("web", ports.get(1), slow, "")));

            assertThat(getOnce(ports.get(1))).isEqualTo("slow");
            Await.until("the old port is closed", () -> Ports.refused(ports.get(0)));
            assertThat(idle.socket().getInputStream().read()).isEqualTo(-1);
            answer.countDown();
            RawClient.Response last = busy.readResponse();
            assertThat(last.body()).isEqualTo("slow");
            assertThat(last.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void servicesSwapTheirPorts() throws IOException {
        List<Integer> ports = Ports.free(2);
        int first = ports.get(0);
        int second = ports.get(1);
        Child child = reloaded(services(http("web", first, one, "") + http("api", second, two, "")));
        assertThat(getOnce(first)).isEqualTo("one");

        child.reload(services(http("web", second, one, "") + http("api", first, two, "")));

        assertThat(getOnce(first)).isEqualTo("two");
        assertThat(getOnce(second)).isEqualTo("one");
    }

    @Test
    void aPortTakesAnotherProtocolAndAnotherService() throws IOException {
        int port = Ports.free(1).get(0);
        Child child = reloaded(services(http("web", port, one, "")));
        assertThat(getOnce(port)).isEqualTo("one");

        child.reload(services(tcp("web", port, echo)));
        try (RawClient tunnel = RawClient.to(port)) {
            assertThat(echoed(tunnel, "ping")).isEqualTo("ping");
        }

        child.reload(services(http("successor", port, two, "")));
        assertThat(getOnce(port)).isEqualTo("two");
    }

    private static JsonNode config(Child child) {
        return child.admin().json("/api/v1/process").path("config");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String get(RawClient client) throws IOException {
        return client.send(GET).readResponse().body();
    }

    private static String getOnce(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return get(client);
        }
    }

    private static String echoed(RawClient tunnel, String text) throws IOException {
        tunnel.send(text);
        return new String(tunnel.socket().getInputStream().readNBytes(text.length()), ISO_8859_1);
    }

    private static String services(String services) {
        return "services:\n" + services;
    }

    private static String http(String name, int port, LoopbackBackend backend, String more) {
        return """
                  %s:
                    port: %d
                    protocol: http
                    servers: ["127.0.0.1:%d"]
                    %s
                """.formatted(name, port, backend.port(), more);
    }

    private static String tcp(String name, int port, LoopbackBackend backend) {
        return http(name, port, backend, "").replace("protocol: http", "protocol: tcp");
    }
}
