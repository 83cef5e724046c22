package io.myelin.health.replica;

import java.io.IOException;
import java.util.function.Consumer;

/** Starts replicas in whichever way they are described. */
final class AnyRunner implements ReplicaRunner {
    private final ProcessRunner processes;

    AnyRunner(Processes processes) {
        this.processes = new ProcessRunner(processes);
    }

    @Override
    public RunningReplica start(Start start, Consumer<String> output) throws IOException {
        return processes.start(start, output);
    }
}
