package io.myelin.launcher.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that keeps files and sends metrics for operators' tools, once there is anything to do. Any thread. */
final class ToolsLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ToolsLoop.class);
    private static final long STOP_LIMIT_SECONDS = 5;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable ScheduledThreadPoolExecutor executor;

    @GuardedBy("lock")
    private @Nullable Future<?> repeated;

    @GuardedBy("lock")
    private boolean closed;

    /** Starts the thread, unless it runs, and has it do {@code task} every {@code period}. */
    void start(Duration period, Runnable task) {
        lock.lock();
        try {
            if (executor == null && !closed) {
                executor = new ScheduledThreadPoolExecutor(1, body -> {
                    Thread thread = new Thread(body, "tools");
                    thread.setDaemon(true);
                    return thread;
                });
                executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(true);
                executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
                executor.scheduleWithFixedDelay(
                        () -> run(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has {@code task} done every {@code period} from now on, instead of what was repeated before, once it runs. */
    void repeat(Duration period, Runnable task) {
        lock.lock();
        try {
            if (repeated != null) {
                repeated.cancel(false);
            }
            if (executor != null && !closed) {
                repeated = executor.scheduleWithFixedDelay(
                        () -> run(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Queues {@code task}; drops it if the thread does not run. */
    void execute(Runnable task) {
        lock.lock();
        try {
            if (executor != null && !closed) {
                executor.execute(() -> run(task));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Finishes what is queued, within seconds. */
    @Override
    public void close() {
        ScheduledThreadPoolExecutor running = end();
        if (running == null) {
            return;
        }
        try {
            if (!running.awaitTermination(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                log.warn("Files could not be finished in time: limit={}s", STOP_LIMIT_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable ScheduledThreadPoolExecutor end() {
        lock.lock();
        try {
            closed = true;
            if (executor != null) {
                executor.shutdown();
            }
            return executor;
        } finally {
            lock.unlock();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task for operators' tools failed; later ones go on", e);
        }
    }
}
