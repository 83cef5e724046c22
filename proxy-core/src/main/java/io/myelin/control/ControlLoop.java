package io.myelin.control;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control thread: runs tasks one at a time, in the order they were given.
 *
 * <p>A task that throws is logged and harms only itself. Tasks given after {@link #close} are dropped.
 */
public final class ControlLoop implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

    private final ScheduledThreadPoolExecutor executor;

    public ControlLoop() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "control");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Queues {@code task}; safe from any thread. */
    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            log.debug("Dropped a task after the control thread had stopped", e);
        }
    }

    /** Queues {@code task} to run every {@code period}, first after one period; safe from any thread. */
    public Future<?> repeat(Duration period, Runnable task) {
        try {
            return executor.scheduleWithFixedDelay(
                    () -> run(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Dropped a repeated task after the control thread had stopped", e);
            CompletableFuture<Void> dropped = new CompletableFuture<>();
            dropped.cancel(false);
            return dropped;
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A control task failed; later ones go on", e);
        }
    }
}
