package io.myelin.health.replica;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A process of this host and what it started. */
final class StartedProcess implements RunningReplica {
    private final Process process;
    private final ProcessTree tree;
    private final @Nullable ProcessIdentity identity;

    StartedProcess(Process process, String replica, Processes processes) {
        this.process = process;
        this.tree = new ProcessTree(process.toHandle(), replica, processes);
        String start = processes.startOf(process.pid());
        this.identity = start == null ? null : new ProcessIdentity(process.pid(), start);
    }

    @Override
    public Long pid() {
        return process.pid();
    }

    @Override
    public String container() {
        return "";
    }

    @Override
    public String engine() {
        return "";
    }

    @Override
    public @Nullable ProcessIdentity identity() {
        return identity;
    }

    @Override
    public CompletionStage<Integer> whenEnded() {
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public void terminate() {
        tree.terminate();
    }

    /** Asks the process alone to end, on any thread. */
    void askToEnd() {
        process.destroy();
    }

    @Override
    public void kill() {
        tree.kill();
    }

    @Override
    public boolean alive() {
        return tree.alive();
    }
}
