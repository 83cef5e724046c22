package io.myelin.health.replica;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The thread that owns the state of all replicas: runs tasks one at a time. Safe from any thread. */
interface ReplicaLoop extends Executor, AutoCloseable {
    /** Queues {@code task} to run after {@code delay}. */
    Timer schedule(Duration delay, Runnable task);

    /** Drops what is queued and takes nothing more. */
    @Override
    void close();

    /** A task that is due later. */
    interface Timer {
        /** A timer of nothing. */
        Timer NONE = () -> {};

        void cancel();
    }
}
