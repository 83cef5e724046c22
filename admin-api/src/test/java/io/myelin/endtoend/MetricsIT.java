package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that operators are given, beside what was really sent. */
@Timeout(60)
class MetricsIT {
    private static final int DELAY_MILLIS = 50;
    private static final Map<Integer, Integer> REQUESTS_BY_STATUS = Map.of(200, 12, 302, 3, 404, 4, 500, 5);
    private static final int REQUESTS = 24;

    private static final String WEB = "pool=\"web\"";
    private static final String RELAY = "pool=\"relay\"";

    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DELAY_MILLIS));
            conversation.write("HTTP/1.1 " + head.substring(5, 8) + " Reason\r\nContent-Length: 4\r\n\r\nbody");
        }
    });
    private final LoopbackBackend echo = LoopbackBackend.running(
            conversation -> conversation.in().transferTo(conversation.socket().getOutputStream()));

    @AfterEach
    void closeAll() {
        member.close();
        echo.close();
    }

    @Test
    void requestsAreCountedAsTheyWereSent() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml());
                RawClient client = RawClient.to(world.port("web"))) {
            for (Map.Entry<Integer, Integer> entry : REQUESTS_BY_STATUS.entrySet()) {
                for (int i = 0; i < entry.getValue(); i++) {
                    client.send("GET /" + entry.getKey() + " HTTP/1.1\r\nHost: web\r\n\r\n");
                    assertThat(client.readResponse().status()).isEqualTo(entry.getKey());
                }
            }
            // The last number that an exchange changes at its end is how long its member took.
            Await.until(
                    "all are counted",
                    () -> world.admin().metrics().sum("myelin_member_latency_seconds_count", WEB) == REQUESTS);
            Metrics metrics = world.admin().metrics();
            JsonNode service = world.service("web");

            assertThat(metrics.sum("myelin_pool_requests_total", WEB)).isEqualTo(REQUESTS);
            assertThat(metrics.sum("myelin_member_requests_total", WEB)).isEqualTo(REQUESTS);
            assertThat(metrics.sum("myelin_member_connections_total", WEB)).isEqualTo(1);
            assertThat(metrics.sum("myelin_member_connection_reuses_total", WEB))
                    .isEqualTo(REQUESTS - 1);
            assertClass(metrics, service, "1xx", 0);
            assertClass(metrics, service, "2xx", 12);
            assertClass(metrics, service, "3xx", 3);
            assertClass(metrics, service, "4xx", 4);
            assertClass(metrics, service, "5xx", 5);
            assertThat(metrics.sum("myelin_pool_failures_total", WEB)).isZero();
            assertThat(service.path("failures"))
                    .allSatisfy(count -> assertThat(count.asInt()).isZero());
            assertBytes(metrics, service, "web", REQUESTS * 30);
            assertThat(service.path("counters").path("requests").asInt()).isEqualTo(REQUESTS);
            assertThat(service.path("members")
                            .path(0)
                            .path("counters")
                            .path("requests")
                            .asInt())
                    .isEqualTo(REQUESTS);
            assertLatency(metrics, service);
        }
    }

    @Test
    void aTunnelCountsAsOneRequestAndItsBytes() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml());
                RawClient client = RawClient.to(world.port("relay"))) {
            client.send("twelve bytes");
            assertThat(client.socket().getInputStream().readNBytes(12)).hasSize(12);
            assertThat(world.service("relay").path("inFlight").asInt()).isEqualTo(1);
            client.endOutput();
            assertThat(client.readToEnd()).isEmpty();
            Await.until(
                    "the tunnel is over",
                    () -> world.admin().metrics().sum("myelin_pool_latency_seconds_count", RELAY) == 1);
            assertThat(world.service("relay").path("inFlight").asInt()).isZero();

            Metrics metrics = world.admin().metrics();
            assertThat(metrics.sum("myelin_pool_requests_total", RELAY)).isEqualTo(1);
            assertThat(metrics.sum("myelin_pool_received_bytes_total", RELAY)).isEqualTo(12);
            assertThat(metrics.sum("myelin_pool_sent_bytes_total", RELAY)).isEqualTo(12);
            assertThat(metrics.sum("myelin_pool_latency_seconds_count", RELAY)).isEqualTo(1);
            assertThat(metrics.sum("myelin_pool_failures_total", RELAY)).isZero();
            assertThat(metrics.sum("myelin_listener_accepted_connections_total", "listener=\"relay\""))
                    .isEqualTo(1);
        }
    }

    private static void assertClass(Metrics metrics, JsonNode service, String codes, int count) {
        assertThat(metrics.sum("myelin_pool_responses_total", WEB, "code=\"" + codes + "\""))
                .as(codes)
                .isEqualTo(count);
        assertThat(metrics.sum("myelin_member_responses_total", WEB, "code=\"" + codes + "\""))
                .as(codes)
                .isEqualTo(count);
        assertThat(service.path("counters").path("responses" + codes).asInt(-1))
                .as(codes)
                .isEqualTo(count);
    }

    private static void assertBytes(Metrics metrics, JsonNode service, String pool, int least) {
        String label = "pool=\"" + pool + "\"";
        double received = metrics.sum("myelin_pool_received_bytes_total", label);
        double sent = metrics.sum("myelin_pool_sent_bytes_total", label);
        assertThat(received).isGreaterThan(least);
        assertThat(sent).isGreaterThan(least);
        assertThat(service.path("counters").path("bytesIn").asDouble()).isEqualTo(received);
        assertThat(service.path("counters").path("bytesOut").asDouble()).isEqualTo(sent);
    }

    private static void assertLatency(Metrics metrics, JsonNode service) {
        assertThat(metrics.sum("myelin_pool_latency_seconds_count", WEB)).isEqualTo(REQUESTS);
        assertThat(metrics.sum("myelin_pool_self_time_seconds_count", WEB)).isEqualTo(REQUESTS);
        assertThat(metrics.sum("myelin_member_latency_seconds_count", WEB)).isEqualTo(REQUESTS);
        JsonNode latency = service.path("latency");
        JsonNode selfTime = service.path("selfTime");
        assertThat(latency.path("count").asInt()).isEqualTo(REQUESTS);
        assertThat(selfTime.path("count").asInt()).isEqualTo(REQUESTS);
        assertThat(latency.path("p50").asDouble()).isGreaterThanOrEqualTo(DELAY_MILLIS - 1);
        assertThat(selfTime.path("p50").asDouble()).isPositive().isLessThan(DELAY_MILLIS / 5.0);
        double meanSeconds = metrics.sum("myelin_pool_latency_seconds_sum", WEB) / REQUESTS;
        assertThat(meanSeconds * 1e3)
                .isCloseTo(
                        latency.path("mean").asDouble(),
                        within(latency.path("mean").asDouble() / 10));
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
