package io.myelin.net;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The timers of one event loop: expires each {@link Deadline} within {@value #TICK_MILLIS} ms after its moment. */
@OwnedBy(Owner.EVENT_LOOP)
public final class TimerWheel {
    /*
     * A hashed wheel (Varghese and Lauck 1987) swept by one repeating task. Moving a deadline later only writes its
     * field: the entry stays in its slot and is looked at again when the sweep gets there. Calling one off leaves the
     * entry to be dropped by the sweep, except at the end of a connection, which the wheel must not keep alive. The
     * task sleeps until the next slot that holds something, but not for long, so that idle connections cost few wake-ups
     * and a wrong guess does no harm.
     */
    static final int TICK_MILLIS = 20;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final int SLOTS = 1_024;
    private static final int LONGEST_SLEEP_TICKS = 10;
    private static final long ASLEEP = Long.MAX_VALUE;

    private final @Nullable Deadline[] slots = new @Nullable Deadline[SLOTS];
    private final Alarm alarm;
    private final Clock clock;
    private final long originNanos;
    private long sweptTick;
    private int entries;
    /** The tick that the task is scheduled for. */
    private long wakeTick = ASLEEP;

    private @Nullable Future<?> wake;
    private boolean sweeping;

    /** Runs a task once on the wheel's own thread. */
    @FunctionalInterface
    interface Alarm {
        /** Runs {@code task} after that many nanoseconds, unless what it returns is cancelled first. */
        Future<?> set(long delayNanos, Runnable task);
    }

    TimerWheel(Alarm alarm, Clock clock) {
        this.alarm = alarm;
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
        // While a sweep is catching up, what it looks at must not land in the slot that it is at: it would never end.
        if (entries == 0 && !sweeping) {
            sweptTick = Math.max(sweptTick, now / TICK_NANOS);
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
        if (tick < wakeTick && !sweeping) {
            wakeAt(tick, now);
        }
    }

    private void wakeAt(long tick, long now) {
        Future<?> later = wake;
        if (later != null) {
            later.cancel(false);
        }
        wakeTick = Math.min(tick, now / TICK_NANOS + LONGEST_SLEEP_TICKS);
        wake = alarm.set(wakeTick * TICK_NANOS - now, this::tick);
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
        wake = null;
        wakeTick = ASLEEP;
        long now = clock.nanoTime() - originNanos;
        long target = now / TICK_NANOS;
        // A loop that slept longer than the wheel is round has every slot to sweep once.
        sweptTick = Math.max(sweptTick, target - SLOTS);
        sweeping = true;
        while (sweptTick < target) {
            sweptTick++;
            sweep((int) (sweptTick % SLOTS), now);
        }
        sweeping = false;
        if (entries > 0) {
            wakeAt(nextOccupied(), now);
        }
    }

    private long nextOccupied() {
        long tick = sweptTick + 1;
        long last = sweptTick + LONGEST_SLEEP_TICKS;
        while (tick < last && slots[(int) (tick % SLOTS)] == null) {
            tick++;
        }
        return tick;
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
