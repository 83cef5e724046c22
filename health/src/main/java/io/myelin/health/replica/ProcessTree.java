package io.myelin.health.replica;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A process and everything that it started, itself or by others. */
@OwnedBy(Owner.REPLICAS)
final class ProcessTree {
    /** A process that is being killed may start another one; more often than this it hardly does. */
    private static final int ROUNDS = 5;

    private final @Nullable ProcessHandle root;
    private final String replica;
    private final Processes processes;
    private Set<ProcessHandle> known = Set.of();

    /**
     * Creates the tree of one replica.
     *
     * @param root the replica itself, {@code null} if it has ended
     */
    ProcessTree(@Nullable ProcessHandle root, String replica, Processes processes) {
        this.root = root;
        this.replica = replica;
        this.processes = processes;
    }

    /** Asks every process to end, with SIGTERM. */
    void terminate() {
        known = living();
        known.forEach(ProcessHandle::destroy);
    }

    /** Ends every process, with SIGKILL. */
    void kill() {
        for (int round = 0; round < ROUNDS; round++) {
            known = living();
            if (known.isEmpty()) {
                return;
            }
            known.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Returns whether any process still runs. */
    boolean alive() {
        if (known.stream().anyMatch(processes::runs)) {
            return true;
        }
        known = living();
        return !known.isEmpty();
    }

    private Set<ProcessHandle> living() {
        Set<ProcessHandle> parents = new LinkedHashSet<>(known);
        if (root != null) {
            parents.add(root);
        }
        return processes.tree(parents, replica);
    }
}
