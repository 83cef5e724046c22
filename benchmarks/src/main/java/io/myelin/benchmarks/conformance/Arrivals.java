package io.myelin.benchmarks.conformance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.model.Clock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what happens on all connections of one side: bytes that arrive, and ends. Safe from any thread. */
final class Arrivals {
    private final Lock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();

    @GuardedBy("lock")
    private long count;

    /** Notes that something arrived. */
    void add() {
        lock.lock();
        try {
            count++;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how often something arrived so far. */
    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Returns once nothing has arrived for so long, or when {@code limit} is over. */
    void awaitQuiet(Duration quiet, Duration limit) throws InterruptedException {
        long startNanos = Clock.SYSTEM.nanoTime();
        long seen = count();
        while (awaitMoreThan(seen, quiet.toNanos()) && Clock.SYSTEM.nanoTime() - startNanos < limit.toNanos()) {
            seen = count();
        }
    }

    /** Waits until more has arrived than the {@code seen} first; returns whether it has within {@code limitNanos}. */
    boolean awaitMoreThan(long seen, long limitNanos) throws InterruptedException {
        long leftNanos = limitNanos;
        lock.lock();
        try {
            while (count <= seen) {
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = more.awaitNanos(leftNanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
