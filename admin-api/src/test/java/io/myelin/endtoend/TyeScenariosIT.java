package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.ReplicaView;
import io.myelin.health.replica.ReplicatedView;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tye's scenarios with real processes behind bindings and an ingress; each has services of its own. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class TyeScenariosIT {
    private World world;
    private Path directory;

    @BeforeAll
    void start(@TempDir Path shared) throws IOException, StartException, InterruptedException {
        directory = shared;
        Path tye = Files.writeString(
                shared.resolve("tye.yaml"), """
                ingress:
                - name: edge
                  bindings: [{port: %d}]
                  rules:
                  - {path: /lively, service: lively}
                  - {path: /both, service: both}
                services: []
                """.formatted(Ports.free(1).get(0)));
        Path services = Files.writeString(shared.resolve("services.yaml"), """
                replicas: {run_dir: %1$s/run}
                services:
                  quiet: {replicas: 2, bindings: [{protocol: http}], %2$s]}
                  lively: {bindings: [{name: web, protocol: http}, {name: raw, protocol: tcp}], %2$s, liveness=500],
                    liveness: {http: /lively, period: 50ms, failure_threshold: 100000}}
                  readied: {bindings: [{protocol: http}], %2$s, readiness=500],
                    readiness: {http: /ready, period: 50ms, success_threshold: 2}}
                  both: {bindings: [{protocol: http}], %2$s, readiness=500],
                    liveness: {http: /lively, period: 50ms, timeout: 5s, failure_threshold: 100000},
                    readiness: {http: /ready, period: 50ms, timeout: 200ms}}
                  doomed: {replicas: 2, bindings: [{protocol: http}], %2$s, ignore-term],
                    liveness: {exec: [sh, -c, "cd %1$s; ! [ -e $MYELIN_INSTANCE ] || { echo >> $MYELIN_INSTANCE; exit 1; }"],
                      period: 50ms, timeout: 10s},
                    readiness: {http: /ready, period: 50ms}, stop_timeout: 300ms, restart: {first_wait: 50ms}}
                  loop: {executable: sh, args: [-c, "cd %1$s; echo >> starts; [ $(wc -l < starts) -gt 4 ] || exit 7; exec sleep 1000"],
                    restart: {first_wait: 50ms, longest_wait: 200ms, stable_after: 3s}}
                """.formatted(shared, replica()));
        world = World.of(tye, services);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @Test
    void scenario01WithoutProbesAReplicaIsReadyOnceItRunsAndNobodyAsksIt() throws IOException {
        List<ReplicaView> replicas = awaitStates("quiet", ReplicaState.READY, ReplicaState.READY);
        for (ReplicaView replica : replicas) {
            awaitEvents("quiet", replica, "Launching service", "started", "is moving to a ready state");
            Await.until("it listens", () -> !Ports.refused(replica.ports().get(0)));
            assertThat(ask(replica.ports().get(0), "/requests").body()).isEqualTo("1");
        }
        world.awaitEligible("quiet", 2);
        assertThat(List.of(
                        ask(world.port("quiet"), "/").body(),
                        ask(world.port("quiet"), "/").body()))
                .containsExactlyInAnyOrder(
                        replicas.get(0).name() + " /", replicas.get(1).name() + " /");
    }

    @Test
    void scenario02And16WithLivenessOnlyNobodyGetsInBeforeItPasses() throws IOException {
        ReplicaView replica = awaitFailure("lively");
        assertThat(replica.state()).isEqualTo(ReplicaState.STARTED);
        double refused = failures("lively:raw");
        try (RawClient client = RawClient.to(world.port("lively:raw"))) {
            assertThat(client.ended()).as("closed without a byte").isTrue();
        }
        awaitFailures("lively:raw", refused + 1);
        refused = failures("lively");
        Response response = ask(world.port("edge"), "/lively/x");
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).isEqualTo("Bad gateway");
        awaitFailures("lively", refused + 1);

        ask(replica.ports().get(0), "/set?liveness=200");
        awaitStates("lively", ReplicaState.READY);
        awaitEvents(
                "lively",
                replica,
                "Launching service",
                "started",
                "is moving to an healthy state",
                "is moving to a ready state");
        world.awaitEligible("lively", 1);
        assertThat(ask(world.port("edge"), "/lively/x").body()).isEqualTo(replica.name() + " /x");
    }

    @Test
    void scenario03WithReadinessOnlyItIsHealthyAtOnceAndReadyAfterItsSuccesses() throws IOException {
        ReplicaView replica = awaitFailure("readied");
        assertThat(replica.state()).isEqualTo(ReplicaState.HEALTHY);
        awaitEvents("readied", replica, "Launching service", "started", "is moving to an healthy state");

        ask(replica.ports().get(0), "/set?readiness=200");
        ReplicaView ready = awaitStates("readied", ReplicaState.READY).get(0);
        assertThat(ready.probes().get(0).successes()).isGreaterThanOrEqualTo(2);
        awaitEvents(
                "readied",
                replica,
                "Launching service",
                "started",
                "is moving to an healthy state",
                "is moving to a ready state");
    }

    @Test
    void scenario04And08WithBothItServesWhileItIsReadyAndAnswersInTime() throws IOException {
        ReplicaView replica = awaitStates("both", ReplicaState.HEALTHY).get(0);
        assertThat(ask(world.port("edge"), "/both/x").status()).isEqualTo(502);
        assertThat(ask(world.port("both"), "/").status()).isEqualTo(503);

        ask(replica.ports().get(0), "/set?readiness=200");
        awaitStates("both", ReplicaState.READY);
        world.awaitEligible("both", 1);
        assertThat(ask(world.port("edge"), "/both/x").status()).isEqualTo(200);

        ask(replica.ports().get(0), "/set?delay=1000");
        awaitStates("both", ReplicaState.HEALTHY);
        JsonNode readiness = world.service("both")
                .path("replicas")
                .path(replica.name())
                .path("probes")
                .path(1);
        assertThat(readiness.path("probe").asText()).isEqualTo("readiness");
        assertThat(readiness.path("passed").asBoolean()).isFalse();
        assertThat(readiness.path("reason").asText()).isEqualTo("timeout after 200 ms (status line)");
        assertThat(readiness.path("streak").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(view("both").restarts()).isZero();
    }

    @Test
    void scenario07ThreeFailuresOfLivenessReplaceAReplicaAndTouchNoOther() throws IOException, InterruptedException {
        List<ReplicaView> before = awaitStates("doomed", ReplicaState.READY, ReplicaState.READY);
        world.awaitEligible("doomed", 2);
        ReplicaView a = before.get(0);
        ReplicaView b = before.get(1);
        try (Load load = Load.on(world.port("doomed"), 4)) {
            Await.until("both serve", () -> load.answers().size() == 2);
            Files.createFile(directory.resolve(a.name()));
            Await.until("another one serves", () -> load.answers().size() == 3);
            assertThat(load.stop()).isEmpty();
        }
        List<ReplicaView> after = awaitStates("doomed", ReplicaState.READY, ReplicaState.READY);
        assertThat(after.get(0).name()).isNotEqualTo(a.name());
        assertThat(after.get(0).ports()).isEqualTo(a.ports());
        assertThat(after.get(1).name()).isEqualTo(b.name());
        assertThat(after.get(1).pid()).isEqualTo(b.pid());
        assertThat(view("doomed").restarts()).isEqualTo(1);
        assertThat(view("doomed").lastExitCode()).as("SIGKILL").isEqualTo(137);
        assertThat(ProcessHandle.of(Objects.requireNonNull(a.pid()))).isEmpty();
        assertThat(Files.readAllLines(directory.resolve(a.name())))
                .as("failures")
                .hasSize(3);
        awaitEvents(
                "doomed",
                a,
                "Launching service",
                "started",
                "is moving to an healthy state",
                "is moving to a ready state",
                "Killing replica",
                "stopped",
                "removed");
        assertThat(events("doomed", b)).hasSize(4);
    }

    @Test
    void scenario12EveryMistakeIsToldAndNothingStarts(@TempDir Path other) {
        String yaml = """
                services:
                - name: web
                  executable: sleep
                  bindings: [{protocol: http}]
                  liveness: {http: {path: /}, period: 0, successThreshold: 2}
                  readiness: {http: {path: ready, headers: abc}, timeout: 3.5, initialDelay: -1, color: blue}
                """;
        assertThatThrownBy(() -> World.from(other, yaml))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("myelin.yaml:5:39: services.web.liveness.period: ")
                .hasMessageContaining("\"period\" value must be greater than zero")
                .hasMessageContaining("\"successThreshold\" for liveness probe must be set to \"1\"")
                .hasMessageContaining("a path that begins with /")
                .hasMessageContaining("\"timeout\" value must be an integer")
                .hasMessageContaining("\"initialDelay\" value cannot be negative")
                .hasMessageContaining("Unexpected key \"color\"");
    }

    @Test
    void scenario13ACrashLoopWaitsLongerAndLongerUntilAReplicaIsStable() {
        Await.until("the fifth stays", () -> view("loop").restarts() == 4 && states("loop", ReplicaState.READY) == 1);
        JsonNode shown = world.service("loop");
        assertThat(shown.path("restarts").asInt()).isEqualTo(4);
        assertThat(shown.path("lastExitCode").asInt()).isEqualTo(7);
        assertThat(waits()).containsExactly("50 ms", "100 ms", "200 ms", "200 ms");
        Await.until("the fifth has begun", () -> starts() >= 5);
        assertThat(starts()).as("started no more often").isEqualTo(5);

        ReplicaView stable = view("loop").replicas().get(0);
        long since = stable.sinceMillis();
        Await.until("it is stable", () -> System.currentTimeMillis() - since > 3_050);
        ProcessHandle.of(Objects.requireNonNull(stable.pid())).orElseThrow().destroyForcibly();
        Await.until("it is replaced", () -> view("loop").restarts() == 5);
        assertThat(waits()).endsWith("200 ms", "50 ms").hasSize(5);
    }

    private int starts() {
        try {
            return Files.readAllLines(directory.resolve("starts")).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> waits() {
        return log("loop").stream()
                .filter(line -> line.contains(" starts again in "))
                .map(line -> line.substring(line.indexOf(" in ") + " in ".length()))
                .toList();
    }

    /** Waits until exactly this became of a replica; a state is seen a moment before its line in the log. */
    private void awaitEvents(String service, ReplicaView replica, String... events) {
        Await.until(
                "of " + replica.name() + " " + List.of(events),
                () -> events(service, replica).equals(List.of(events)));
    }

    /** Returns what became of a replica, without its name and what is said beside. */
    private List<String> events(String service, ReplicaView replica) {
        return log(service).stream()
                .filter(line -> line.contains(replica.name()) && !line.startsWith("["))
                .map(line -> line.replaceFirst("^Replica \\S+ ", "").replaceFirst("( " + replica.name() + "|:).*", ""))
                .map(line -> line.replaceFirst(":.*", ""))
                .toList();
    }

    private List<String> log(String service) {
        return Objects.requireNonNull(world.replicas().log(service));
    }

    private ReplicatedView view(String service) {
        return Await.found("service " + service, () -> world.replicas().service(service));
    }

    private long states(String service, ReplicaState state) {
        return view(service).replicas().stream()
                .filter(replica -> replica.state() == state)
                .count();
    }

    private List<ReplicaView> awaitStates(String service, ReplicaState... states) {
        return Await.found(service + " is " + List.of(states), () -> {
            List<ReplicaView> replicas = view(service).replicas();
            return replicas.stream().map(ReplicaView::state).toList().equals(List.of(states)) ? replicas : null;
        });
    }

    /** Returns the only replica once it listens and was told 500 by it more often than three times. */
    private ReplicaView awaitFailure(String service) {
        return Await.found(
                "probes of " + service + " fail",
                () -> view(service).replicas().stream()
                        .filter(replica -> replica.probes().stream()
                                .anyMatch(probe ->
                                        probe.failures() > 3 && probe.reason().startsWith("http 500")))
                        .findFirst()
                        .orElse(null));
    }

    private void awaitFailures(String pool, double count) {
        Await.until(count + " failures of " + pool, () -> failures(pool) == count);
    }

    private double failures(String pool) {
        return world.admin()
                .metrics()
                .sum("myelin_pool_failures_total", "pool=\"" + pool + "\"", "reason=\"no_member\"");
    }

    private static Response ask(int port, String path) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
                    .readResponse();
        }
    }

    private static String replica() {
        return """
                executable: %s, args: ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m", "-cp", \
                "%s", "%s\"""".formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        SwitchableServer.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath(),
                        SwitchableServer.class.getName());
    }
}
