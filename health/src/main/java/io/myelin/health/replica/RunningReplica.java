package io.myelin.health.replica;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A started replica with everything that it started itself. Called by the thread {@code replicas}; never blocks. */
interface RunningReplica {
    /** Returns the process that is the replica, {@code null} if that is none of this host's. */
    @Nullable
    Long pid();

    /** Returns the container's name, empty if it is none. */
    String container();

    /** Returns the program that runs its container, empty if it is none. */
    String engine();

    /** Returns the process of this host to be ended when this process did not do so, {@code null} if unknown. */
    @Nullable
    ProcessIdentity identity();

    /** Completes with the exit code when the replica itself has ended, whatever it started; on any thread. */
    CompletionStage<Integer> whenEnded();

    /** Asks it, and what it started, to end. */
    void terminate();

    /** Ends it, and what it started. */
    void kill();

    /** Returns whether it, or anything that it started, still runs. */
    boolean alive();
}
