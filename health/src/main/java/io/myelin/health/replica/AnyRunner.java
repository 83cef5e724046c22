package io.myelin.health.replica;

import java.io.IOException;
import java.util.function.Consumer;

/** Starts replicas in whichever way they are described. */
final class AnyRunner implements ReplicaRunner {
    private final ProcessRunner processes;
    private final ContainerRunner containers;

    AnyRunner(Processes processes) {
        this.processes = new ProcessRunner(processes);
        this.containers = new ContainerRunner(processes, System::getenv);
    }

    @Override
    public RunningReplica start(Start start, Consumer<String> output) throws IOException {
        ReplicaRunner runner = start.launch() instanceof Launch.Container ? containers : processes;
        return runner.start(start, output);
    }
}
