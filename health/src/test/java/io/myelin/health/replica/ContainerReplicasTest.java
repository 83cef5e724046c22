package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that are containers live as those that are processes do; a program stands in for the engine. */
@Timeout(30)
class ContainerReplicasTest {
    /** Runs a container as a file with the process that stands for it. */
    private static final String ENGINE = """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo "$*" >> calls
            case $1 in
                run)
                    echo $$ > "$4.pid"
                    trap 'exit 7' TERM
                    echo up
                    while :; do sleep 0.02; done;;
                stop) kill -TERM "$(cat "$4.pid")";;
                rm) kill -KILL "$(cat "$3.pid")";;
            esac
            """;

    private static final ProbeConfig PROBE = ProbeConfig.of(new ProbeConfig.Tcp(null));

    @TempDir
    Path directory;

    private final FakeMonitor monitor = new FakeMonitor();
    private ReplicaSupervisor supervisor;

    @BeforeEach
    void run() throws IOException {
        Path docker = Files.writeString(directory.resolve("docker"), ENGINE);
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        ReplicaTools tools = new ReplicaTools(
                new ReplicaThread(),
                Clock.SYSTEM,
                new ReplicaNames(RandomSource.SYSTEM),
                new ContainerRunner(Processes.OF_THIS_HOST, name -> name.equals("PATH") ? directory.toString() : null),
                monitor,
                new PortBook(RandomSource.SYSTEM),
                Runnable::run);
        supervisor = new ReplicaSupervisor(tools, Processes.OF_THIS_HOST, RunFiles.OF_THIS_HOST);
        supervisor.apply(new ReplicaPlan(
                List.of(new ReplicatedConfig(
                        "web",
                        new Launch.Container("docker", "example/web:1", "", List.of()),
                        1,
                        List.of(new ReplicaBinding("", "web", null, 80, "", "http", "")),
                        Map.of(),
                        new LifecycleConfig(PROBE, null, LifecycleConfig.Demotion.CUT, Duration.ZERO, null),
                        new RestartPolicy(Duration.ofMillis(20), Duration.ofSeconds(1), Duration.ofMinutes(1), null),
                        Duration.ofSeconds(5))),
                Map.of(),
                name -> null,
                (config, replica, ports) -> Map.of("APP_INSTANCE", replica),
                directory.resolve("run")));
    }

    @AfterEach
    void close() {
        supervisor.close();
    }

    @Test
    void theyAreStartedProbedReplacedAndEndedLikeProcesses()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        ReplicaView first = await("started", "");
        assertThat(first.container()).isEqualTo(first.name());
        assertThat(first.pid()).isNull();
        awaitLog("[" + first.name() + "]: up");
        monitor.of(first.name()).ready();
        await("ready", "");

        monitor.of(first.name()).observer.onLivenessFailed("refused");
        ReplicaView second = await("started", first.name());
        assertThat(second.ports()).isEqualTo(first.ports());
        assertThat(view().restarts()).isEqualTo(1);
        assertThat(view().lastExitCode()).isEqualTo(7);
        awaitLog("Killing replica " + first.name() + " because it has failed the liveness probe");
        assertThat(calls()).contains("stop -t 5 " + first.name());
        awaitLog("[" + second.name() + "]: up");
        monitor.of(second.name()).ready();
        await("ready", first.name());

        long container = Long.parseLong(
                Files.readString(directory.resolve(second.name() + ".pid")).strip());
        ProcessHandle.of(container).orElseThrow().destroyForcibly();
        ReplicaView third = await("started", second.name());
        assertThat(view().restarts()).isEqualTo(2);
        assertThat(view().lastExitCode()).isEqualTo(137);
        awaitLog("[" + third.name() + "]: up");

        supervisor.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(calls()).endsWith("stop -t 5 " + third.name());
        assertThat(calls().stream().filter(call -> call.startsWith("run "))).hasSize(3);
        assertThat(directory.resolve("run")).doesNotExist();
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    private ReplicatedView view() {
        return Objects.requireNonNull(supervisor.service("web"));
    }

    /** Returns the replica once it is in that state, is probed, and has another name than {@code before}. */
    private ReplicaView await(String state, String before) {
        return Await.found("a replica that is " + state, () -> {
            ReplicatedView view = supervisor.service("web");
            return view == null
                    ? null
                    : view.replicas().stream()
                            .filter(one -> one.state().text().equals(state))
                            .filter(one -> !one.name().equals(before))
                            .filter(one -> !one.probes().isEmpty())
                            .findFirst()
                            .orElse(null);
        });
    }

    private void awaitLog(String line) {
        Await.until(line, () -> Objects.requireNonNull(supervisor.log("web")).contains(line));
    }
}
