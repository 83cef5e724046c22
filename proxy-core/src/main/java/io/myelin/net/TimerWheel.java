package io.myelin.net;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The timers of one event loop: expires each {@link Deadline} within {@value #TICK_MILLIS} ms after its moment. */
@OwnedBy(Owner.EVENT_LOOP)
public final class TimerWheel {
    /*
     * A hashed wheel (Varghese and Lauck 1987) swept by one repeating task. Moving a deadline later only writes its
     * field: the entry stays in its slot and is looked at again when the sweep gets there. Calling one off leaves the
     * entry to be dropped by the sweep, except at the end of a connection, which the wheel must not keep alive. The
     * sweep stops when the wheel is empty.
     */
    static final int TICK_MILLIS = 20;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final int SLOTS = 1_024;

    private final @Nullable Deadline[] slots = new @Nullable Deadline[SLOTS];
    private final ScheduledExecutorService executor;
    private final Clock clock;
    private final long originNanos;
    private long sweptTick;
    private int entries;
    private boolean ticking;

    TimerWheel(ScheduledExecutorService executor, Clock clock) {
        this.executor = executor;
        this.clock = clock;
        this.originNanos = clock.nanoTime();
    }

    /** Makes {@code deadline} expire {@code delayNanos} from now; 0 calls it off. */
    public void arm(Deadline deadline, long delayNanos) {
        arm(deadline, delayNanos, clock.nanoTime());
    }

    /** The same, for a caller that has just read the clock. */
    public void arm(Deadline deadline, long delayNanos, long nowNanos) {
        if (delayNanos <= 0) {
            deadline.disarm();
            return;
        }
        deadline.atNanos = nowNanos - originNanos + delayNanos;
        if (!deadline.linked) {
            link(deadline, nowNanos - originNanos);
        } else if (deadline.atNanos < deadline.slotNanos) {
            unlink(deadline);
            link(deadline, nowNanos - originNanos);
        }
    }

    /** Returns whether {@code deadline} has passed, be it that it was not swept yet. */
    public boolean expired(Deadline deadline, long nowNanos) {
        return deadline.atNanos <= nowNanos - originNanos;
    }

    /** Calls {@code deadline} off for good and lets go of it and of all it refers to. */
    public void forget(Deadline deadline) {
        deadline.disarm();
        if (deadline.linked) {
            unlink(deadline);
        }
    }

    private void link(Deadline deadline, long now) {
        if (!ticking) {
            sweptTick = now / TICK_NANOS;
            ticking = true;
            executor.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        long tick = Math.max(sweptTick + 1, (deadline.atNanos + TICK_NANOS - 1) / TICK_NANOS);
        tick = Math.min(tick, sweptTick + SLOTS - 1);
        int slot = (int) (tick % SLOTS);
        Deadline first = slots[slot];
        deadline.slotNanos = tick * TICK_NANOS;
        deadline.previous = null;
        deadline.next = first;
        if (first != null) {
            first.previous = deadline;
        }
        slots[slot] = deadline;
        deadline.linked = true;
        entries++;
    }

    private void unlink(Deadline deadline) {
        Deadline previous = deadline.previous;
        Deadline next = deadline.next;
        if (previous == null) {
            slots[(int) (deadline.slotNanos / TICK_NANOS % SLOTS)] = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        deadline.previous = null;
        deadline.next = null;
        deadline.linked = false;
        entries--;
    }

    private void tick() {
        long now = clock.nanoTime() - originNanos;
        long target = now / TICK_NANOS;
        // A loop that slept longer than the wheel is round has every slot to sweep once.
        sweptTick = Math.max(sweptTick, target - SLOTS);
        while (sweptTick < target) {
            sweptTick++;
            sweep((int) (sweptTick % SLOTS), now);
        }
        ticking = entries > 0;
        if (ticking) {
            executor.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep(int slot, long now) {
        for (Deadline deadline = slots[slot]; deadline != null; deadline = slots[slot]) {
            unlink(deadline);
            if (deadline.atNanos <= now) {
                deadline.expire();
            } else if (deadline.atNanos != Deadline.NEVER) {
                link(deadline, now);
            }
        }
    }
}
