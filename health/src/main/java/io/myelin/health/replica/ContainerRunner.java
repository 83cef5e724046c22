package io.myelin.health.replica;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Starts replicas as containers, by the command-line program of Docker or Podman. */
final class ContainerRunner implements ReplicaRunner {
    /*
     * The program that was asked to run a container goes on until the container ends, passes its output on and ends with
     * its exit code, so that it is watched like any other process. Values of variables are given to it in its own
     * environment and only their names on its command line, where everybody on the host could read them; those that would
     * mean something to the program itself are the exception.
     */
    private static final String HOST = "host.docker.internal:host-gateway";
    private static final List<String> MEANT_FOR_ENGINE = List.of("DOCKER_", "CONTAINER", "BUILDKIT_", "XDG_");

    private final Processes processes;
    private final UnaryOperator<@Nullable String> shell;

    /**
     * Creates a runner.
     *
     * @param shell returns a variable of this process, {@code null} if it is not set
     */
    ContainerRunner(Processes processes, UnaryOperator<@Nullable String> shell) {
        this.processes = processes;
        this.shell = shell;
    }

    @Override
    public RunningReplica start(Start start, Consumer<String> output) throws IOException {
        if (!(start.launch() instanceof Launch.Container container)) {
            throw new IllegalArgumentException("launch: " + start.launch() + " (expected: a container)");
        }
        ContainerEngine engine = ContainerEngine.find(container.engine(), container.image(), shell.apply("PATH"));
        Map<String, String> passed = new HashMap<>();
        List<String> words = new ArrayList<>(List.of("run", "--rm", "--name", start.replica(), "--add-host", HOST));
        ports(start, words);
        variables(start.environment(), words, passed);
        container.volumes().forEach(volume -> words.addAll(List.of("-v", volume)));
        words.add(container.image());
        words.addAll(Arguments.of(container.args(), start.environment()));
        Process process =
                ProcessRunner.launch(engine.command(words), Path.of("").toAbsolutePath(), start.replica(), passed);
        OutputReader.start(start.replica(), process.getInputStream(), output);
        return new Running(new StartedProcess(process, start.replica(), processes), engine, start);
    }

    private static void ports(Start start, List<String> words) {
        for (int i = 0; i < start.ports().size(); i++) {
            int port = start.ports().get(i);
            Integer inside = start.bindings().get(i).containerPort();
            words.addAll(List.of("-p", Replica.HOST + ":" + port + ":" + (inside == null ? port : inside)));
        }
    }

    private void variables(Map<String, String> environment, List<String> words, Map<String, String> passed) {
        new TreeMap<>(environment).forEach((name, value) -> {
            words.add("-e");
            String own = shell.apply(name);
            boolean foreign = own != null && !own.equals(value);
            if (foreign || MEANT_FOR_ENGINE.stream().anyMatch(name.toUpperCase(Locale.ROOT)::startsWith)) {
                words.add(name + "=" + value);
            } else {
                words.add(name);
                passed.put(name, value);
            }
        });
    }

    /** A container and the program that runs it. */
    private record Running(StartedProcess program, ContainerEngine engineProgram, String name, Duration stopLimit)
            implements RunningReplica {
        Running(StartedProcess program, ContainerEngine engineProgram, Start start) {
            this(program, engineProgram, start.replica(), start.stopLimit());
        }

        /** Its process is the engine's affair. */
        @Override
        public @Nullable Long pid() {
            return null;
        }

        @Override
        public String container() {
            return name;
        }

        @Override
        public String engine() {
            return engineProgram.program().toString();
        }

        @Override
        public @Nullable ProcessIdentity identity() {
            return program.identity();
        }

        @Override
        public CompletionStage<Integer> whenEnded() {
            return program.whenEnded();
        }

        /** Lets the engine do it; if it knows no such container yet, its program is asked itself. */
        @Override
        public void terminate() {
            long seconds = Math.max(1, stopLimit.toSeconds());
            Process stopping = engineProgram.begin("stop", "-t", Long.toString(seconds), name);
            if (stopping == null) {
                program.terminate();
            } else {
                stopping.onExit().thenAccept(stopped -> {
                    if (stopped.exitValue() != 0) {
                        program.askToEnd();
                    }
                });
            }
        }

        @Override
        public void kill() {
            engineProgram.begin("rm", "-f", name);
            program.kill();
        }

        @Override
        public boolean alive() {
            return program.alive();
        }
    }
}
