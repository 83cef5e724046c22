package io.myelin.discovery.zookeeper;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The one thread on which everything lives that uses one ensemble. Safe from any thread; calls return at once. */
interface RegistryThread extends Executor {
    /** Queues {@code task} to be run after {@code delay}. */
    void schedule(Runnable task, Duration delay);
}
