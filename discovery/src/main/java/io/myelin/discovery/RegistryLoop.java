package io.myelin.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop on which any number of watchers live, none of which may block it; its thread starts with the first
 * task.
 *
 * <p>Safe from any thread; no method waits.
 */
public final class RegistryLoop implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RegistryLoop.class);
    private static final long STOP_LIMIT_MILLIS = 2_000;

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable IoEventLoopGroup group;

    @GuardedBy("lock")
    private boolean closed;

    /** Creates a loop whose thread will be called {@code name}. */
    public RegistryLoop(String name) {
        this.name = name;
    }

    /** Queues {@code task}; after the loop was closed it is dropped. */
    @Override
    public void execute(Runnable task) {
        EventLoop loop = started();
        if (loop == null) {
            log.debug("Dropped a task of a registry that was closed: loop={}", name);
        } else {
            loop.execute(() -> run(task));
        }
    }

    /** Queues {@code task} for later; returns what cancels it, {@code null} if the loop was closed. */
    public @Nullable Future<?> schedule(Runnable task, Duration delay) {
        EventLoop loop = started();
        return loop == null ? null : loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns the event loop, for channels; only for tasks of the loop itself. */
    public EventLoop eventLoop() {
        lock.lock();
        try {
            if (group == null) {
                throw new IllegalStateException("loop " + name + ": not started (expected: a task of it)");
            }
            return group.next();
        } finally {
            lock.unlock();
        }
    }

    /** Closes every channel of the loop and ends its thread, without waiting for it; idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (group != null) {
                group.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable EventLoop started() {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            if (group == null) {
                group = new MultiThreadIoEventLoopGroup(1, this::newThread, NioIoHandler.newFactory());
            }
            return group.next();
        } finally {
            lock.unlock();
        }
    }

    private Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task of a registry's watcher failed; later ones go on: loop={}", name, e);
        }
    }
}
