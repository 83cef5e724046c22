package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios 9 and 10: services that fall back to others, by what those have to offer. */
@Timeout(60)
class FarmsIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path directory;

    private final LoopbackBackend region = LoopbackBackend.answering("region");

    @AfterEach
    void close() {
        region.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void scenario09TrafficStaysInItsZoneWhileThatHasMembers(String mode)
            throws IOException, InterruptedException, StartException {
        int zonePort = FreePorts.one();
        LoopbackBackend zone = LoopbackBackend.running(zonePort, saying("zone"));
        try (zone;
                World world = World.from(directory, """
                        services:
                          A:
                            default_servers: ["127.0.0.1:%1$d"]
                            haproxy:
                              port: 0
                              listen: ["mode %3$s"]
                              frontend: ["acl l nbsrv(A-az) ge 1", "use_backend A-az if l"]
                          A-az:
                            default_servers: ["127.0.0.1:%2$d"]
                            haproxy:
                              server_options: check inter 50 rise 1 fall 1
                              listen: ["mode %3$s"]
                        """.formatted(region.port(), zonePort, mode))) {
            assertThat(world.errors()).isEmpty();
            int port = world.port("A");
            assertThat(get(port)).isEqualTo("zone");

            zone.close();
            Await.until("requests go to the region", () -> get(port).equals("region"));
            world.awaitEligible("A-az", 0);

            try (LoopbackBackend back = LoopbackBackend.running(zonePort, saying("back"))) {
                world.awaitEligible("A-az", 1);
                assertThat(get(port)).isEqualTo("back");
                assertThat(back.connections()).isPositive();
            }
        }
    }

    @Test
    void scenario10RequestsGoElsewhereWhenAllSlotsAreTaken() throws IOException, InterruptedException, StartException {
        CountDownLatch gate = new CountDownLatch(1);
        try (LoopbackBackend busy = LoopbackBackend.running(conversation -> {
                    for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                        await(gate);
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbusy");
                    }
                });
                World world = World.from(directory, farm(busy.port(), "maxconn 1 maxqueue 1"));
                RawClient first = RawClient.to(world.port("b"));
                RawClient second = RawClient.to(world.port("b"));
                RawClient third = RawClient.to(world.port("b"))) {
            first.send(GET);
            busy.awaitRequest();
            second.send(GET);
            world.await(
                    "b.main",
                    "one waits",
                    service -> service.path("queue").path("waiting").asInt() == 1);

            assertThat(third.send(GET).readResponse().body()).isEqualTo("region");

            gate.countDown();
            assertThat(first.readResponse().body()).isEqualTo("busy");
            assertThat(second.readResponse().body()).isEqualTo("busy");
            // A slot is given back after the response was sent.
            world.await(
                    "b.main",
                    "the slot is free",
                    service -> service.at("/members/0/slots/taken").asInt(-1) == 0);
            assertThat(third.send(GET).readResponse().body()).isEqualTo("busy");

            world.reload(farm(busy.port(), "maxconn 1"));
            assertThat(third.send(GET).readResponse().body())
                    .as("an unlimited queue")
                    .isEqualTo("region");

            world.reload(farm(busy.port(), "maxconn 1 maxqueue 1 weight 0"));
            assertThat(third.send(GET).readResponse().body())
                    .as("no member to be chosen")
                    .isEqualTo("region");
        }
    }

    @Test
    void monitorsAndRulesGoByWhatServicesHaveToOffer() throws IOException, InterruptedException, StartException {
        try (Patient patient = new Patient("p");
                World world = World.from(directory, """
                        services:
                          web:
                            default_servers: [%s]
                            haproxy:
                              port: 0
                              server_options: check inter 50 rise 1 fall 1
                              listen: [mode http, option httpchk GET /health, timeout check 10s]
                              frontend:
                                - monitor-uri /up
                                - monitor fail if { nbsrv(web) lt 1 }
                                - http-request redirect location /elsewhere if { nbsrv(web) lt 1 }
                        """.formatted(patient.entry()));
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(world.errors()).isEmpty();
            assertThat(client.send("GET /up HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            assertThat(client.send(GET).readResponse().body()).isEqualTo("p");

            patient.answerChecksWith(Patient.ILL);
            world.awaitEligible("web", 0);

            assertThat(client.send("GET /up HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(503);
            assertThat(client.send(GET).readResponse().header("Location")).isEqualTo("/elsewhere");
        }
    }

    private String farm(int busyPort, String options) {
        return """
                services:
                  b:
                    default_servers: ["127.0.0.1:%d"]
                    haproxy:
                      port: 0
                      listen: [mode http]
                      frontend: ["acl room connslots(b.main) gt 0", "use_backend b.main if room"]
                  b.main:
                    default_servers: ["127.0.0.1:%d"]
                    haproxy:
                      server_options: %s
                      listen: [mode http]
                """.formatted(region.port(), busyPort, options);
    }

    private static LoopbackBackend.Script saying(String body) {
        return conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        };
    }

    private static void await(CountDownLatch gate) throws IOException {
        try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String get(int port) {
        try (RawClient client = RawClient.to(port)) {
            return client.send(GET).readResponse().body();
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }
}
