package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.ReplicaView;
import io.myelin.health.replica.ReplicatedView;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bindings in front of real replicas, whose health is switched: the readiness by their own word, the liveness by a file
 * of their name, so that it does not fail while they start. Every test leaves all of them ready.
 */
@Timeout(90)
@TestMethodOrder(MethodOrderer.Random.class)
@TestInstance(Lifecycle.PER_CLASS)
class BindingIT {
    private static final int REQUESTS = 10_000;

    private Path directory;
    private World world;

    @BeforeAll
    void start(@TempDir Path shared) throws IOException, StartException, InterruptedException {
        directory = shared;
        List<Integer> ports = Ports.free(2);
        world = World.from(directory, """
                services:
                  web: {bindings: [{protocol: http}], replicas: 3, %s,
                    liveness: {exec: [sh, -c, "! [ -e %s/$MYELIN_INSTANCE ]"], period: 100ms, timeout: 10s}}
                  raw: {bindings: [{port: %d, protocol: tcp}], replicas: 3, drain_timeout: 3s, %s}
                  cut: {bindings: [{port: %d, protocol: tcp}], replicas: 2, demotion: cut, %s}
                """.formatted(
                        replica(""),
                        directory,
                        ports.get(0),
                        replica(", port: " + ports.get(0)),
                        ports.get(1),
                        replica(", port: " + ports.get(1))));
        awaitReady("web", 3);
        awaitReady("raw", 3);
        awaitReady("cut", 2);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @Test
    void scenario15OnlyReadyReplicasTakeConnectionsAndInTurn() throws IOException {
        ReplicaView third = replicas("raw").get(2);
        set(third, "readiness=500");
        awaitReady("raw", 2);
        Map<String, Integer> split = split(300);
        assertThat(split).doesNotContainKey(third.name()).hasSize(2);
        assertThat(split.values()).allSatisfy(share -> assertThat(share).isBetween(149, 151));

        set(third, "readiness=200");
        awaitReady("raw", 3);
        assertThat(split(300).values())
                .hasSize(3)
                .allSatisfy(share -> assertThat(share).isBetween(99, 101));
    }

    @Test
    void scenario5And6ADemotedReplicaKeepsRunningAndComesBack() throws IOException {
        ReplicaView first = replicas("web").get(0);
        long restarts = view("web").restarts();
        set(first, "readiness=500");
        awaitReady("web", 2);
        assertThat(replicas("web").get(0).state()).isEqualTo(ReplicaState.HEALTHY);
        assertThat(replicas("web").get(0).pid()).isEqualTo(first.pid());
        for (int i = 0; i < 10; i++) {
            assertThat(ask("web")).isNotEmpty().isNotEqualTo(first.name());
        }

        set(first, "readiness=200");
        awaitReady("web", 3);
        assertThat(view("web").restarts()).isEqualTo(restarts);
    }

    @Test
    void scenario17EstablishedConnectionsEndWhenTheirDrainDoes() throws IOException {
        try (RawClient held = RawClient.to(world.port("raw"))) {
            ReplicaView serving = serving(held, "raw");
            set(serving, "readiness=500");
            awaitReady("raw", 2);
            assertThat(echo(held)).as("during the drain").isEqualTo("ping");
            assertThat(split(20)).doesNotContainKey(serving.name());
            assertThat(held.ended()).as("after it").isTrue();
            set(serving, "readiness=200");
        }
        awaitReady("raw", 3);
    }

    @Test
    void scenario17ARequestInFlightIsAnsweredWhileNewOnesGoElsewhere() throws IOException {
        ReplicaView first = replicas("web").get(0);
        try (RawClient held = RawClient.to(world.port("web"))) {
            String name = "";
            long startNanos = System.nanoTime();
            while (!name.equals(first.name())) {
                assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
                name = echo(held, "GET / HTTP/1.1\r\nHost: web\r\n\r\n").split(" ", 2)[0];
            }
            List<RawClient> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                open.add(RawClient.to(world.port("web"))
                        .send("GET /slow?millis=700 HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"));
            }
            Await.until(
                    "every replica has one",
                    () -> world.service("web").path("inFlight").asInt() == 3);
            set(first, "readiness=500");
            awaitReady("web", 2);
            for (int i = 0; i < 10; i++) {
                assertThat(ask("web")).isNotEmpty().isNotEqualTo(first.name());
            }
            List<String> served = new ArrayList<>();
            for (RawClient client : open) {
                try (client) {
                    served.add(client.readResponse().body());
                }
            }
            assertThat(served).as("by turns").contains(first.name()).doesNotContain("");
            set(first, "readiness=200");
        }
        awaitReady("web", 3);
    }

    @Test
    void scenario17WithCutEstablishedConnectionsEndAtOnce() throws IOException {
        try (RawClient held = RawClient.to(world.port("cut"))) {
            ReplicaView serving = serving(held, "cut");
            set(serving, "readiness=500");
            assertThat(held.ended()).isTrue();
            awaitReady("cut", 1);
            set(serving, "readiness=200");
        }
        awaitReady("cut", 2);
    }

    @Test
    void tenThousandRequestsSurviveTheLivenessKillOfEveryReplicaInTurn() throws IOException, InterruptedException {
        List<ReplicaView> before = replicas("web");
        long restarts = view("web").restarts();
        try (Load load = Load.on(world.port("web"), 8)) {
            for (int slot = 0; slot < before.size(); slot++) {
                ReplicaView doomed = before.get(slot);
                int place = slot;
                Files.createFile(directory.resolve(doomed.name()));
                Await.until("slot " + slot + " has another replica", () -> {
                    return replicas("web").stream()
                            .anyMatch(current -> current.slot() == place
                                    && current.state() == ReplicaState.READY
                                    && !current.name().equals(doomed.name()));
                });
            }
            Await.until("enough was asked", () -> load.requests() >= REQUESTS);
            assertThat(load.stop()).isEmpty();
            assertThat(load.answers()).hasSizeGreaterThanOrEqualTo(2 * before.size() - 1);
        }
        assertThat(view("web").restarts()).isEqualTo(restarts + before.size());
        assertThat(replicas("web"))
                .extracting(ReplicaView::ports)
                .isEqualTo(before.stream().map(ReplicaView::ports).toList());
    }

    private static String replica(String port) {
        return """
                executable: %s, args: ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m", \
                "-cp", "%s", "%s"], \
                readiness: {http: {path: /ready%s}, period: 50ms}, restart: {first_wait: 50ms}""".formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        SwitchableServer.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath(),
                        SwitchableServer.class.getName(),
                        port);
    }

    private ReplicatedView view(String service) {
        return Objects.requireNonNull(world.replicas().service(service));
    }

    private List<ReplicaView> replicas(String service) {
        return view(service).replicas();
    }

    private void awaitReady(String service, int count) {
        Await.until(count + " of " + service + " are ready", () -> {
            ReplicatedView view = world.replicas().service(service);
            return view != null
                    && view.replicas().stream()
                                    .filter(one -> one.state() == ReplicaState.READY)
                                    .count()
                            == count;
        });
        world.awaitEligible(service, count);
    }

    private static void set(ReplicaView replica, String what) throws IOException {
        try (RawClient client = RawClient.to(replica.ports().get(0))) {
            client.send("GET /set?" + what + " HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /** Returns how many of {@code count} connections each replica took. */
    private Map<String, Integer> split(int count) throws IOException {
        Map<String, Integer> split = new HashMap<>();
        for (int i = 0; i < count; i++) {
            split.merge(ask("raw"), 1, Integer::sum);
        }
        return split;
    }

    /** Returns the name of the replica that takes one connection, empty if none does. */
    private String ask(String service) throws IOException {
        try (RawClient client = RawClient.to(world.port(service))) {
            return client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
                    .readResponse()
                    .body()
                    .split(" ", 2)[0];
        }
    }

    /** Returns the replica that a connection goes to, which stays open. */
    private ReplicaView serving(RawClient client, String service) throws IOException {
        String name = echo(client, "GET / HTTP/1.1\r\nHost: web\r\n\r\n").split(" ", 2)[0];
        return replicas(service).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String echo(RawClient client) throws IOException {
        return echo(client, "GET /echo HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\n\r\nping")
                        .endsWith("ping")
                ? "ping"
                : "something else";
    }

    private static String echo(RawClient client, String request) throws IOException {
        return client.send(request).readResponse().body();
    }
}
