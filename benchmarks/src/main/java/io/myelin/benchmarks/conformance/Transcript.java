package io.myelin.benchmarks.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Everything that arrives on one connection, one character a byte, and how it ended. Safe from any thread. */
final class Transcript {
    private static final int READ_BYTES = 64 * 1024;

    private final Arrivals arrivals;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final StringBuilder text = new StringBuilder();

    @GuardedBy("lock")
    private End end = End.NONE;

    /** How a connection ended. */
    enum End {
        /** It has not. */
        NONE,
        ORDERLY,
        RESET
    }

    Transcript() {
        this(new Arrivals());
    }

    /** Creates one that notes in {@code arrivals} whenever something is added. */
    Transcript(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    /** Adds what arrives on {@code in} until that ends. */
    void record(InputStream in) {
        byte[] buffer = new byte[READ_BYTES];
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                add(new String(buffer, 0, length, ISO_8859_1));
            }
            end(End.ORDERLY);
        } catch (IOException ignored) {
            end(End.RESET); // nothing else makes reading a socket fail, and a case may expect it
        }
    }

    private void add(String arrived) {
        lock.lock();
        try {
            text.append(arrived);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        arrivals.add();
    }

    private void end(End how) {
        lock.lock();
        try {
            end = how;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        arrivals.add();
    }

    String text() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    End end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    boolean ended() {
        return end() != End.NONE;
    }

    /**
     * Waits until {@code enough} holds of what has arrived.
     *
     * @return whether it does; false if the connection ended before, or {@code patience} did
     */
    boolean await(Predicate<String> enough, Duration patience) throws InterruptedException {
        long leftNanos = patience.toNanos();
        lock.lock();
        try {
            while (!enough.test(text.toString())) {
                if (end != End.NONE || leftNanos <= 0) {
                    return false;
                }
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the connection; returns whether it came. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        await(arrived -> false, patience);
        return ended();
    }
}
