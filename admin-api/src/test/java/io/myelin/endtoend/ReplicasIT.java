package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.ReplicaView;
import io.myelin.health.replica.ReplicatedView;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that are processes, behind the listener of their service. */
@Timeout(60)
class ReplicasIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    @Test
    void aReplicaWhoseLivenessFailsIsReplacedWithoutAFailedRequest()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, switchable())) {
            List<ReplicaView> before = awaitReady(world, 2);
            ReplicaView sick = before.get(0);
            long restarts = view(world).restarts();
            try (Load load = Load.on(world.port("web"), 4)) {
                Await.until("both serve", () -> load.answers().size() == 2);
                set(sick.ports().get(0), "liveness=500");

                Await.until(
                        "it is replaced",
                        () -> view(world).restarts() > restarts
                                && view(world).replicas().stream().allMatch(one -> one.state() == ReplicaState.READY));
                Await.until("all three have served", () -> load.answers().size() == 3);
                assertThat(load.stop()).isEmpty();
            }
            ReplicaView after = view(world).replicas().get(0);
            assertThat(after.name()).isNotEqualTo(sick.name());
            assertThat(after.ports()).isEqualTo(sick.ports());
            assertThat(view(world).replicas().get(1).name())
                    .isEqualTo(before.get(1).name());
            assertThat(process(sick)).isFalse();
            assertThat(world.replicas().log("web"))
                    .contains(
                            "Replica " + sick.name() + " is moving to an healthy state",
                            "Replica " + sick.name() + " is moving to a ready state",
                            "Killing replica " + sick.name() + " because it has failed the liveness probe");
            Await.until(
                    "what the new one says is in the log",
                    () -> Objects.requireNonNull(world.replicas().log("web")).stream()
                            .anyMatch(line -> line.startsWith("[" + after.name() + "]: ")));

            ReplicaView killed = view(world).replicas().get(1);
            long replaced = view(world).restarts();
            ProcessHandle.of(pid(killed)).orElseThrow().destroyForcibly();
            Await.until(
                    "it is replaced, too",
                    () -> view(world).restarts() > replaced
                            && view(world).replicas().stream().allMatch(one -> one.state() == ReplicaState.READY));
            assertThat(view(world).lastExitCode()).isEqualTo(137);

            assertThat(world.replicas().scale("web", 0)).isTrue();
            Await.until("none is left", () -> view(world).replicas().isEmpty());
            assertThat(status(world.port("web"))).isEqualTo(503);
        }
    }

    @Test
    void aReplicaThatNeverOpensItsPortTakesNoTrafficAndSaysWhy()
            throws IOException, InterruptedException, StartException {
        String yaml = """
                services:
                  web:
                    executable: sh
                    args: -c "exec sleep 1000"
                    port: 0
                    protocol: http
                    readiness: {tcp: true, period: 50ms}
                """;
        try (World world = World.from(directory, yaml)) {
            Await.until(
                    "it is probed",
                    () -> world.replicas().service("web") != null
                            && view(world).replicas().size() == 1
                            && view(world).replicas().get(0).probes().stream().anyMatch(probe -> probe.failures() > 2));

            ReplicaView replica = view(world).replicas().get(0);
            assertThat(replica.state()).isEqualTo(ReplicaState.HEALTHY);
            assertThat(replica.probes().get(0).passed()).isFalse();
            assertThat(replica.probes().get(0).reason()).containsIgnoringCase("refused");
            assertThat(status(world.port("web"))).isEqualTo(503);
        }
    }

    @Test
    void whatAKilledMyelinLeavesOverIsEndedWhenItStartsAgainAndAReloadStartsWhatIsNew()
            throws IOException, InterruptedException {
        Path pids = directory.resolve("pids");
        Path children = directory.resolve("children");
        int port = Ports.free(1).get(0);
        String yaml = services("setsid sh -c 'echo $$ >> " + children + "; exec sleep 1000' & echo $$ >> " + pids
                        + "; exec sleep 1000")
                .replace("port: 0", "port: " + port);
        try (Child first = Child.from(directory, yaml)) {
            Await.until(
                    "it runs", () -> lines(pids).size() == 1 && lines(children).size() == 1);
            first.signal("KILL");
            assertThat(first.process().exitCode()).isEqualTo(137);
            assertThat(alive(pids, 0) && alive(children, 0)).isTrue();
            assertThat(Ports.refused(port)).isTrue();
        }
        try (Child second = Child.from(directory, yaml)) {
            Await.until(
                    "another one runs",
                    () -> lines(pids).size() == 2 && lines(children).size() == 2);
            assertThat(alive(pids, 0) || alive(children, 0)).isFalse();
            assertThat(second.port("web")).isEqualTo(port);
            second.admin()
                    .await(
                            "/api/v1/services/web",
                            "it is ready",
                            web -> web.path("ready").asInt() == 1);

            Path added = directory.resolve("added");
            second.reload(yaml + "  new: {executable: sh, args: [-c, 'echo $$ >> " + added + "; exec sleep 1000']}\n");
            Await.until("the new one runs", () -> lines(added).size() == 1);
            assertThat(lines(pids)).hasSize(2);
            assertThat(alive(pids, 1)).isTrue();

            assertThat(second.stop()).contains("Ending a replica that an earlier run has left over");
            assertThat(alive(pids, 1) || alive(children, 1) || alive(added, 0)).isFalse();
        }
    }

    @Test
    void aFileThatChangesTouchesNoReplicaButThoseThatItIsAbout()
            throws IOException, InterruptedException, StartException {
        String service = "{executable: sh, args: [-c, 'exec sleep 1000'], port: 0, protocol: http, replicas: %d}\n";
        String yaml = "reload: {watch: true, interval: 50ms}\nservices:\n"
                + "  same: " + service.formatted(2) + "  changed: " + service.formatted(1)
                + "  gone: " + service.formatted(1);
        try (World world = World.from(directory, yaml)) {
            List<Long> same = awaitPids(world, "same", 2);
            List<Long> changed = awaitPids(world, "changed", 1);
            List<Long> gone = awaitPids(world, "gone", 1);
            int port = world.port("same");

            long applied = world.admin().reloads();
            Files.writeString(
                    directory.resolve("myelin.yaml"),
                    yaml.replace("changed: {executable: sh,", "changed: {executable: sh, env: {COLOR: blue},")
                            .replace("gone:", "added:"));
            Await.until("the change is seen", () -> world.admin().reloads() > applied);
            List<Long> added = awaitPids(world, "added", 1);
            Await.until("the changed one is another", () -> {
                List<Long> now = pids(world, "changed");
                return now.size() == 1 && !now.equals(changed);
            });
            Await.until("the one without a service is gone", () -> !Pids.run(gone.get(0)));
            assertThat(world.replicas().service("gone")).isNull();
            assertThat(pids(world, "same")).isEqualTo(same);
            assertThat(world.port("same")).isEqualTo(port);

            List<Long> blue = pids(world, "changed");
            world.reload("services: [\n");
            assertThat(world.admin()
                            .json("/api/v1/process")
                            .path("config")
                            .path("error")
                            .asText())
                    .contains("myelin.yaml:");
            world.reload(yaml.replace("changed: {executable: sh,", "changed: {executable: sh, replicaz: 3,")
                    .replace("replicas: 2", "replicas: 3")
                    .replace("gone:", "added:"));
            assertThat(awaitPids(world, "same", 3)).containsAll(same);
            assertThat(pids(world, "changed")).isEqualTo(blue);
            assertThat(pids(world, "added")).isEqualTo(added);
        }
    }

    @Test
    void operatorsScaleAndRestartByTheApi() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, services("exec sleep 1000"))) {
            List<Long> first = awaitPids(world, "web", 1);
            assertThat(post(world, "web/scale?replicas=3")).isEqualTo(202);
            List<Long> three = awaitPids(world, "web", 3);
            assertThat(three).containsAll(first);

            String name = view(world).replicas().get(1).name();
            assertThat(post(world, "web/replicas/" + name + "/restart")).isEqualTo(202);
            Await.until(
                    "one is another",
                    () -> awaitPids(world, "web", 3).stream()
                                    .filter(three::contains)
                                    .count()
                            == 2);
            assertThat(view(world).replicas().get(1).name()).isNotEqualTo(name);

            assertThat(post(world, "web/restart")).isEqualTo(202);
            Await.until(
                    "all are others", () -> awaitPids(world, "web", 3).stream().noneMatch(three::contains));
            assertThat(post(world, "web/scale?replicas=0")).isEqualTo(202);
            awaitPids(world, "web", 0);
            assertThat(post(world, "web/replicas/" + name + "/restart")).isEqualTo(404);
        }
    }

    private static int post(World world, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(world.admin().url() + "/api/v1/services/" + path))
                .POST(BodyPublishers.noBody())
                .build();
        return world.admin()
                .http()
                .sendAsync(request, BodyHandlers.discarding())
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .statusCode();
    }

    @Test
    void replicasEndWithMyelinEvenWhenTheyIgnoreItAndTheDiskIsFull() throws IOException, InterruptedException {
        Path pids = directory.resolve("pids");
        String yaml = services("trap '' TERM; echo $$ >> " + pids + "; while :; do sleep 0.1; done");
        try (FullDisk disk = FullDisk.at(directory.resolve("disk"));
                Child child = Child.from(directory, "replicas: {run_dir: " + disk.run() + "}\n" + yaml)) {
            Await.until("it runs", () -> lines(pids).size() == 1);
            JsonNode store = child.admin()
                    .await(
                            "/api/v1/process",
                            "it is told",
                            seen -> seen.path("replicaStore").path("trouble").isTextual())
                    .path("replicaStore");
            assertThat(store.path("trouble").asText())
                    .startsWith("run_dir " + disk.run() + ": ")
                    .contains(disk.complaint());
            assertThat(store.path("failures").asInt()).isPositive();
            assertThat(child.admin().metrics().sum("myelin_replica_store_failures_total"))
                    .isPositive();
            child.admin()
                    .await(
                            "/api/v1/services/web",
                            "it is ready",
                            web -> web.path("ready").asInt() == 1);

            assertThat(child.stop())
                    .contains("run_dir " + disk.run() + ": ")
                    .contains(disk.complaint())
                    .contains("replicas run all the same")
                    .contains("Replica did not end when asked, killed");
            assertThat(alive(pids, 0)).isFalse();
        }
    }

    private static boolean alive(Path pids, int line) {
        return Pids.run(Long.parseLong(lines(pids).get(line)));
    }

    private static List<Long> awaitPids(World world, String service, int count) {
        Await.until(
                count + " of " + service + " run", () -> pids(world, service).size() == count);
        return pids(world, service);
    }

    /** Returns the processes of the replicas that are ready. */
    private static List<Long> pids(World world, String service) {
        ReplicatedView view = world.replicas().service(service);
        return view == null
                ? List.of()
                : view.replicas().stream()
                        .filter(replica -> replica.state() == ReplicaState.READY)
                        .map(ReplicasIT::pid)
                        .toList();
    }

    private static String services(String script) {
        return """
                services:
                  web:
                    executable: sh
                    args: ["-c", "%s"]
                    port: 0
                    protocol: http
                    stop_timeout: 300ms
                """.formatted(script);
    }

    private static String switchable() {
        return """
                services:
                  web:
                    executable: %s
                    args: ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", "%s", "%s"]
                    replicas: 2
                    port: 0
                    protocol: http
                    liveness: {http: {path: /lively}, period: 50ms, failure_threshold: 60}
                    readiness: {http: {path: /ready}, period: 100ms}
                    restart: {first_wait: 50ms}
                """.formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"), classes(), SwitchableServer.class.getName());
    }

    private static String classes() {
        return new File(SwitchableServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    private static List<ReplicaView> awaitReady(World world, int count) {
        Await.until(count + " are ready", () -> {
            ReplicatedView view = world.replicas().service("web");
            return view != null
                    && view.replicas().stream()
                                    .filter(one -> one.state() == ReplicaState.READY)
                                    .count()
                            == count;
        });
        return view(world).replicas();
    }

    private static ReplicatedView view(World world) {
        ReplicatedView view = world.replicas().service("web");
        assertThat(view).isNotNull();
        return view;
    }

    private static long pid(ReplicaView replica) {
        Long pid = replica.pid();
        assertThat(pid).isNotNull();
        return pid;
    }

    private static boolean process(ReplicaView replica) {
        return ProcessHandle.of(pid(replica)).isPresent();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void set(int port, String what) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            client.send("GET /set?" + what + " HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    private static int status(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send(GET).readResponse().status();
        }
    }
}
