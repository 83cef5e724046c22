package io.myelin.discovery.zookeeper;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Time that passes only when nothing is left to do at its present moment, and the tasks of every moment in order. */
final class VirtualTime implements Clock, RegistryThread {
    private final Queue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::number));
    private long nowNanos;
    private long scheduled;

    private record Task(long atNanos, long number, Runnable step) {}

    @Override
    public void execute(Runnable task) {
        schedule(task, Duration.ZERO);
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
        tasks.add(new Task(nowNanos + delay.toNanos(), scheduled++, task));
    }

    /** Runs everything that happens within {@code duration} from now. */
    void pass(Duration duration) {
        long end = nowNanos + duration.toNanos();
        for (Task task = tasks.peek(); task != null && task.atNanos <= end; task = tasks.peek()) {
            tasks.remove();
            nowNanos = task.atNanos;
            task.step.run();
        }
        nowNanos = end;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long wallMillis() {
        return nowNanos / 1_000_000;
    }
}
