package io.myelin.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/** A thread with timers that the test turns by hand, with its clock; single-threaded. */
public final class TurnedLoop {
    private final FakeClock clock;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> due = new ArrayList<>();

    /** Each is another one, even for the same task and moment. */
    private static final class Due {
        private final long atNanos;
        private final Runnable task;

        private Due(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }
    }

    public TurnedLoop(FakeClock clock) {
        this.clock = clock;
    }

    /** Queues {@code task}. */
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Queues {@code task} to run after {@code delay}; returns what takes it back. */
    public Runnable schedule(Duration delay, Runnable task) {
        Due one = new Due(clock.nanoTime() + delay.toNanos(), task);
        due.add(one);
        return () -> due.remove(one);
    }

    /** Returns how many tasks wait for their time. */
    public int timers() {
        return due.size();
    }

    /** Runs everything queued, and whatever that queues. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass and runs what becomes due, at the moment at which it does. */
    public void advance(Duration duration) {
        run();
        long endNanos = clock.nanoTime() + duration.toNanos();
        while (true) {
            Due next = due.stream()
                    .min(Comparator.comparingLong(one -> one.atNanos))
                    .orElse(null);
            if (next == null || next.atNanos > endNanos) {
                break;
            }
            due.remove(next);
            clock.advance(Duration.ofNanos(Math.max(0, next.atNanos - clock.nanoTime())));
            next.task.run();
            run();
        }
        clock.advance(Duration.ofNanos(endNanos - clock.nanoTime()));
    }

    /** Forgets everything queued. */
    public void clear() {
        tasks.clear();
        due.clear();
    }
}
