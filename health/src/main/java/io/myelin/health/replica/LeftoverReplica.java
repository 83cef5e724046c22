package io.myelin.health.replica;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A replica that an earlier run of this program may have left over. */
final class LeftoverReplica implements RunningReplica {
    private final RunEntry entry;
    private final ProcessTree tree;

    LeftoverReplica(RunEntry entry, Processes processes) {
        this.entry = entry;
        this.tree = new ProcessTree(processes.find(entry.process()), entry.replica(), processes);
    }

    @Override
    public @Nullable Long pid() {
        return entry.process().pid();
    }

    @Override
    public String container() {
        return entry.container();
    }

    @Override
    public ProcessIdentity identity() {
        return entry.process();
    }

    /** Never told: it is no child of this process. */
    @Override
    public CompletionStage<Integer> whenEnded() {
        return new CompletableFuture<>();
    }

    @Override
    public void terminate() {
        tree.terminate();
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
