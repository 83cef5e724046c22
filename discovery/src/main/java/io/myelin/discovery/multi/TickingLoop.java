package io.myelin.discovery.multi;

import io.myelin.discovery.RegistryLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A registry's loop that ticks as soon as somebody wants to be told. */
final class TickingLoop implements OwnerThread, AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(250);

    private final RegistryLoop loop = new RegistryLoop("discovery-multi");
    private final Set<Runnable> told = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ticking = new AtomicBoolean();

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void everyTick(Runnable task) {
        told.add(task);
        if (ticking.compareAndSet(false, true)) {
            loop.schedule(this::tick, TICK);
        }
    }

    @Override
    public void noMore(Runnable task) {
        told.remove(task);
    }

    @Override
    public void close() {
        loop.close();
    }

    private void tick() {
        loop.schedule(this::tick, TICK);
        told.forEach(loop::execute);
    }
}
