package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers, run by a program that takes the engine's commands and starts processes. */
@Timeout(30)
class ContainerRunnerTest {
    private static final String ENGINE = """
            #!/bin/sh
            here=$(dirname "$0")
            echo "$*" >> "$here/calls"
            case $1 in
                run)
                    echo $$ > "$here/pid"
                    trap 'exit 7' TERM
                    echo "SECRET is $SECRET"
                    while :; do sleep 0.05; done;;
                stop) kill -TERM "$(cat "$here/pid")";;
                rm) kill -KILL "$(cat "$here/pid")";;
            esac
            """;

    @TempDir
    Path directory;

    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private Path calls;

    @BeforeEach
    void install() throws IOException {
        calls = directory.resolve("calls");
        Path docker = Files.writeString(directory.resolve("docker"), ENGINE);
        assertThat(docker.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aContainerIsRunAndStoppedByTheEngine()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        RunningReplica running =
                runner(directory.toString()).start(start("docker", Map.of("SECRET", "s3cret")), output::add);
        Await.until("it runs", () -> output.contains("SECRET is s3cret"));

        assertThat(Files.readAllLines(calls))
                .containsExactly("run --rm --name web_00000000-1 --add-host host.docker.internal:host-gateway"
                        + " -p 127.0.0.1:4711:80 -p 127.0.0.1:4712:4712 -e SECRET -v /data:/var/data"
                        + " example/web:1 --flag a b");
        assertThat(running.pid()).isNull();
        assertThat(running.container()).isEqualTo("web_00000000-1");
        assertThat(running.alive()).isTrue();

        running.terminate();
        assertThat(running.whenEnded().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(7);
        assertThat(Files.readAllLines(calls)).endsWith("stop -t 5 web_00000000-1");
        Await.until("nothing is left", () -> !running.alive());
    }

    @Test
    void aContainerThatDoesNotStopIsRemoved()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        RunningReplica running = runner(directory.toString()).start(start("", Map.of()), output::add);
        Await.until("it runs", () -> !output.isEmpty());

        running.kill();
        assertThat(running.whenEnded().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(137);
        Await.until("it is removed", () -> callsAre("rm -f web_00000000-1"));
    }

    @Test
    void whatWouldMeanSomethingToTheEngineIsGivenOnItsCommandLine() throws IOException {
        RunningReplica running = runner(directory.toString())
                .start(start("docker", Map.of("DOCKER_HOST", "tcp://other", "PATH", "/opt")), output::add);
        Await.until("it runs", () -> !output.isEmpty());

        assertThat(Files.readString(calls)).contains(" -e DOCKER_HOST=tcp://other -e PATH=/opt ");
        running.kill();
        Await.until("nothing is left", () -> !running.alive());
        // Else the engine may still write this down while the directory is deleted.
        Await.until("it is removed", () -> callsAre("rm -f web_00000000-1"));
    }

    @Test
    void withoutAnEngineTheMessageNamesWhatIsMissing() {
        assertThatThrownBy(() -> runner("/nowhere").start(start("", Map.of()), output::add))
                .isInstanceOf(IOException.class)
                .hasMessage("image example/web:1: needs docker or podman, which is not installed"
                        + " (expected: the program in PATH, or an executable instead of an image)");
        assertThatThrownBy(() -> runner(directory.toString()).start(start("podman", Map.of()), output::add))
                .hasMessageStartingWith("image example/web:1: needs podman, which is not installed");
    }

    @Test
    void aContainerThatACrashLeftOverIsRemoved() throws IOException {
        RunningReplica running = runner(directory.toString()).start(start("docker", Map.of()), output::add);
        Await.until("it runs", () -> !output.isEmpty());
        ProcessIdentity identity = running.identity();
        assertThat(identity).isNotNull();

        LeftoverReplica left = new LeftoverReplica(
                new RunEntry("web_00000000-1", identity, running.container(), running.engine(), "example/web:1"),
                Processes.OF_THIS_HOST);
        Await.until("it is removed", () -> !left.alive());

        assertThat(running.alive()).isFalse();
        assertThat(callsAre("rm -f web_00000000-1")).isTrue();
    }

    private boolean callsAre(String last) {
        try {
            List<String> lines = Files.readAllLines(calls);
            return lines.get(lines.size() - 1).equals(last);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ContainerRunner runner(String path) {
        return new ContainerRunner(Processes.OF_THIS_HOST, name -> name.equals("PATH") ? path : null);
    }

    private static ReplicaRunner.Start start(String engine, Map<String, String> environment) {
        return new ReplicaRunner.Start(
                "web_00000000-1",
                new Launch.Container(engine, "example/web:1", "--flag \"a b\"", List.of("/data:/var/data")),
                List.of(
                        new ReplicaBinding("http", "web", null, 80, "", "http", ""),
                        new ReplicaBinding("raw", "web:raw", null, null, "", "", "")),
                List.of(4711, 4712),
                environment,
                Duration.ofSeconds(5));
    }
}
