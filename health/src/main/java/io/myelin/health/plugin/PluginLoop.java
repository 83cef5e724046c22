package io.myelin.health.plugin;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The event loop that owns the state of all plugins: runs tasks one at a time, in order. Safe from any thread. */
interface PluginLoop extends Executor {
    /** Queues {@code task} to run after {@code delay}. */
    Timer schedule(Duration delay, Runnable task);

    /** A task that is due later. */
    interface Timer {
        /** Idempotent. */
        void cancel();
    }
}
