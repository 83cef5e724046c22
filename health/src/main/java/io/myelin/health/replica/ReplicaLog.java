package io.myelin.health.replica;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.health.replica.ReplicaControl.LogTap;
import io.myelin.model.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last lines that the replicas of one service wrote, and what became of the replicas. Safe from any thread.
 *
 * <p>Whoever writes never waits for a reader.
 */
final class ReplicaLog {
    /** As many as Tye keeps. */
    static final int LINES = 5_000;

    /** What the lines may come to, so that long ones do not take the memory of the process. */
    static final int CHARACTERS = 4 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(ReplicaLog.class);

    private final Executor readers;
    private final OwnLog own;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<String> lines = new ArrayDeque<>();

    @GuardedBy("lock")
    private long characters;

    private final List<BoundedTap> taps = new CopyOnWriteArrayList<>();

    /**
     * Creates an empty log.
     *
     * @param readers runs what readers do with lines
     */
    ReplicaLog(Executor readers, Clock clock) {
        this.readers = readers;
        this.own = new OwnLog(clock);
    }

    /** Adds a line that a replica wrote. */
    void output(String replica, String text) {
        String line = "[" + replica + "]: " + text;
        add(line);
        own.write(line);
    }

    /** Adds a line about a replica. */
    void event(String line) {
        add(line);
        log.info("{}", line);
    }

    /** Adds a line about a replica that operators should see. */
    void trouble(String line) {
        add(line);
        log.warn("{}", line);
    }

    /** Returns the lines, oldest first. */
    List<String> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** Hands every further line to {@code reader}. */
    LogTap follow(Consumer<String> reader) {
        BoundedTap tap = new BoundedTap(reader, readers, taps::remove);
        taps.add(tap);
        return tap;
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.addLast(line);
            characters += line.length();
            while (lines.size() > LINES || characters > CHARACTERS) {
                characters -= lines.removeFirst().length();
            }
            taps.forEach(tap -> tap.offer(line));
        } finally {
            lock.unlock();
        }
    }
}
