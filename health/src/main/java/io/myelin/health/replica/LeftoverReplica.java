package io.myelin.health.replica;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A replica that an earlier run of this program may have left over. */
final class LeftoverReplica implements RunningReplica {
    private final RunEntry entry;
    private final ProcessTree tree;
    /** What removes its container, {@code null} if it is none. */
    private final @Nullable Process removal;

    LeftoverReplica(RunEntry entry, Processes processes) {
        this.entry = entry;
        ProcessIdentity process = entry.process();
        this.tree = new ProcessTree(process == null ? null : processes.find(process), entry.replica(), processes);
        this.removal = entry.container().isEmpty()
                ? null
                : new ContainerEngine(Path.of(entry.engine())).begin("rm", "-f", entry.container());
    }

    @Override
    public @Nullable Long pid() {
        ProcessIdentity process = entry.process();
        return process == null ? null : process.pid();
    }

    @Override
    public String container() {
        return entry.container();
    }

    @Override
    public String engine() {
        return entry.engine();
    }

    @Override
    public @Nullable ProcessIdentity identity() {
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
        if (removal != null) {
            removal.destroyForcibly();
        }
    }

    @Override
    public boolean alive() {
        return tree.alive() || (removal != null && removal.isAlive());
    }
}
