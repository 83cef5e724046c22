package io.myelin.discovery.multi;

import io.myelin.discovery.RegistryLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The loop of registries, which ticks as soon as somebody wants to be told. */
final class TickingLoop implements OwnerThread {
    private static final Duration TICK = Duration.ofMillis(250);

    private final RegistryLoop loop;
    private final Set<Runnable> told = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ticking = new AtomicBoolean();

    /** Creates what ticks on {@code loop}, which it does not close. */
    TickingLoop(RegistryLoop loop) {
        this.loop = loop;
    }

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

    private void tick() {
        loop.schedule(this::tick, TICK);
        told.forEach(loop::execute);
    }
}
