package io.myelin.health.plugin;

import io.myelin.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/** The loop of plugins, turned by the test with its clock; single-threaded. */
final class FakePluginLoop implements PluginLoop {
    private final FakeClock clock;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> due = new ArrayList<>();

    private static final class Due {
        private final long atNanos;
        private final Runnable task;

        private Due(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }
    }

    FakePluginLoop(FakeClock clock) {
        this.clock = clock;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Due one = new Due(clock.nanoTime() + delay.toNanos(), task);
        due.add(one);
        return () -> due.remove(one);
    }

    /** Returns the monotonic time. */
    long nanos() {
        return clock.nanoTime();
    }

    /** Returns how many tasks wait for their time. */
    int timers() {
        return due.size();
    }

    /** Runs everything queued, and whatever that queues. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass and runs what becomes due, at the moment at which it does. */
    void advance(Duration duration) {
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
}
