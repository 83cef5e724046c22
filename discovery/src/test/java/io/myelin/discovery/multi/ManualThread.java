package io.myelin.discovery.multi;

import io.myelin.testing.QueuedExecutor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The owning thread, turned by hand. */
final class ManualThread implements OwnerThread {
    private final QueuedExecutor queue = new QueuedExecutor();
    private final Set<Runnable> told = new LinkedHashSet<>();

    @Override
    public void execute(Runnable task) {
        queue.execute(task);
    }

    @Override
    public void everyTick(Runnable task) {
        told.add(task);
    }

    @Override
    public void noMore(Runnable task) {
        told.remove(task);
    }

    /** Runs everything that is queued. */
    void turn() {
        queue.runAll();
    }

    void tick() {
        List.copyOf(told).forEach(queue::execute);
        queue.runAll();
    }

    int told() {
        return told.size();
    }
}
