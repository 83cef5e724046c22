package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.Gate;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What members and listeners have room for, from the file to what operators see. */
@Timeout(60)
class LimitsIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final String LAST_GET = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
    private static final String WEB = "pool=\"web\"";

    @TempDir
    Path directory;

    private final Gate gate = new Gate();
    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        while (!conversation.readRequest().isEmpty()) {
            gate.pass();
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        gate.open();
        for (RawClient client : clients) {
            client.close();
        }
        member.close();
    }

    @Test
    void aSynapseFileWithMaxconnMakesRequestsWait() throws IOException, InterruptedException, StartException {
        String yaml = """
                services:
                  web:
                    default_servers: [{host: 127.0.0.1, port: %d}]
                    haproxy:
                      port: 0
                      server_options: maxconn 1 maxqueue 1
                      listen: [mode http, timeout queue %s, timeout connect 20s]
                """;
        try (World world = World.from(directory, yaml.formatted(member.port(), "20s"))) {
            RawClient first = ask(world);
            member.awaitRequest();
            RawClient second = ask(world);
            world.await("web", "one waits", service -> waiting(service) == 1);
            // Who comes from now on waits for a second, which is no limit for the one who waits already.
            world.reload(yaml.formatted(member.port(), "1s"));
            world.await(
                    "web",
                    "the limit is another",
                    service -> service.path("snapshot").path("cause").asText().equals("reconfigured"));
            RawClient third = ask(world);
            world.await(
                    "web",
                    "two have waited at once",
                    service -> service.path("queue").path("mostWaiting").asInt() == 2);
            gate.letOne();

            assertThat(first.readResponse().status()).isEqualTo(200);
            member.awaitRequest();
            RawClient.Response refused = third.readResponse();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("X-Myelin-Failure")).isEqualTo("queue_timeout");
            gate.letOne();
            assertThat(second.readResponse().status()).isEqualTo(200);

            JsonNode service = world.await("web", "nothing is left", LimitsIT::quiet);
            assertThat(service.path("queue").path("total").asInt()).isEqualTo(2);
            assertThat(service.path("queue").path("mostWaiting").asInt()).isEqualTo(2);
            assertThat(service.path("failures").path("queue_timeout").asInt()).isEqualTo(1);
            Metrics metrics = world.admin().metrics();
            assertThat(metrics.sum("myelin_pool_queued_total", WEB)).isEqualTo(2);
            assertThat(metrics.sum("myelin_pool_queue_time_seconds_count", WEB)).isEqualTo(2);
            assertThat(metrics.sum("myelin_pool_failures_total", WEB, "reason=\"queue_timeout\""))
                    .isEqualTo(1);
            assertThat(metrics.sum("myelin_member_slots_taken", WEB)).isZero();
        }
    }

    @Test
    void aReloadChangesWhatThereIsRoomFor() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(1, 1, 2))) {
            RawClient first = ask(world);
            member.awaitRequest();
            RawClient second = ask(world);
            world.await("web", "one waits", service -> waiting(service) == 1);
            RawClient refused = ask(world);
            assertThat(refused.readResponse().header("X-Myelin-Failure")).isEqualTo("queue_full");
            world.reload(yaml(3, 0, 9));

            member.awaitRequest();
            RawClient third = ask(world);
            member.awaitRequest();
            assertThat(ask(world).readResponse().header("X-Myelin-Failure")).isEqualTo("queue_full");
            gate.open();
            for (RawClient client : List.of(first, second, third)) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            world.await("web", "nothing is left", LimitsIT::quiet);
        }
    }

    @Test
    void aListenerAndTheProcessLetInAsManyAsTheyHaveRoomFor() throws IOException, InterruptedException, StartException {
        String yaml = """
                limits: {connections: 3}
                services:
                  web: {port: 0, servers: ["127.0.0.1:%d"], limits: {connections: 2}}
                  more: {port: 0, servers: ["127.0.0.1:%d"]}
                """.formatted(member.port(), member.port());
        try (World world = World.from(directory, yaml)) {
            for (int i = 0; i < 12; i++) {
                clients.add(
                        RawClient.to(world.port(i % 2 == 0 ? "web" : "more")).send(LAST_GET));
            }
            Await.until("three are being served", () -> member.received().size() == 3);
            JsonNode web = world.await(
                    "web",
                    "two are in, others wait",
                    service -> service.path("listeners")
                                    .get(0)
                                    .path("waitingConnections")
                                    .asInt()
                            > 0);

            assertThat(web.path("listeners").get(0).path("maxConnections").asInt())
                    .isEqualTo(2);
            assertThat(web.path("listeners").get(0).path("openConnections").asInt())
                    .isLessThanOrEqualTo(2);
            assertThat(world.admin().json("/api/v1/process").path("connections").toString())
                    .isEqualTo("{\"open\":3,\"limit\":3}");
            assertThat(world.admin().metrics().sum("myelin_listener_waiting_connections"))
                    .isPositive();
            gate.open();
            for (RawClient client : clients) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    private RawClient ask(World world) throws IOException {
        RawClient client = RawClient.to(world.port("web"));
        clients.add(client);
        return client.send(GET);
    }

    private static int waiting(JsonNode service) {
        return service.path("queue").path("waiting").asInt(-1);
    }

    private static boolean quiet(JsonNode service) {
        return service.path("inFlight").asInt() == 0
                && waiting(service) == 0
                && service.path("members").get(0).path("slots").path("taken").asInt(-1) == 0;
    }

    private String yaml(int maxConnections, int maxPending, int retries) {
        return """
                services:
                  web:
                    port: 0
                    servers: ["127.0.0.1:%d"]
                    retries: %d
                    queue: {max_connections: %d, max_pending: %d, timeout: 20s}
                """.formatted(member.port(), retries, maxConnections, maxPending);
    }
}
