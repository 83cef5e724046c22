package io.myelin.health.replica;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.health.replica.ReplicaControl.LogTap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the lines of a log to one reader, which may be slower than the writers for a while; after that it misses lines
 * and is told so. Safe from any thread.
 */
final class BoundedTap implements LogTap {
    private static final Logger log = LoggerFactory.getLogger(BoundedTap.class);
    private static final int WAITING = 1_000;

    private final Consumer<String> reader;
    private final Executor readers;
    private final Consumer<BoundedTap> onClose;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<String> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long missed;

    private volatile boolean closed;

    /**
     * Creates a tap.
     *
     * @param readers runs what the reader does
     * @param onClose is told when nothing more is wanted
     */
    BoundedTap(Consumer<String> reader, Executor readers, Consumer<BoundedTap> onClose) {
        this.reader = reader;
        this.readers = readers;
        this.onClose = onClose;
    }

    /** Adds a line; never waits. */
    void offer(String line) {
        boolean idle;
        lock.lock();
        try {
            idle = waiting.isEmpty() && missed == 0;
            if (waiting.size() < WAITING) {
                waiting.addLast(line);
            } else {
                missed++;
            }
        } finally {
            lock.unlock();
        }
        if (idle) {
            readers.execute(this::deliver);
        }
    }

    private void deliver() {
        for (String line = next(); line != null && !closed; line = next()) {
            try {
                reader.accept(line);
            } catch (RuntimeException e) {
                log.warn("Reader of a replica's log failed, it gets no more", e);
                close();
            }
        }
    }

    private @Nullable String next() {
        lock.lock();
        try {
            String line = waiting.pollFirst();
            if (line == null && missed > 0) {
                line = "... " + missed + " lines left out";
                missed = 0;
            }
            return line;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
    }
}
