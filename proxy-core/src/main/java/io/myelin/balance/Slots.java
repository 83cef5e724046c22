package io.myelin.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many exchanges and tunnels one member may have at once, and how many it has, on all event loops together.
 *
 * <p>Any thread. Whoever takes a slot gives it back, once.
 */
public final class Slots {
    /** Stands for no limit. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final Member member;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int limit = UNLIMITED;
    private volatile int waitingLimit = UNLIMITED;
    private volatile int waiting;
    private volatile int mostWaiting;

    Slots(Member member) {
        this.member = member;
    }

    public Member member() {
        return member;
    }

    /** Changes the limits. What is in progress beyond a lower one finishes. Control thread. */
    void limit(int newLimit, int newWaitingLimit) {
        limit = newLimit;
        waitingLimit = newWaitingLimit;
    }

    /** Takes a slot if one is free. */
    public boolean tryTake() {
        for (int now = taken.get(); now < limit; now = taken.get()) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Gives back a slot that was taken. */
    public void giveBack() {
        taken.decrementAndGet();
    }

    public boolean full() {
        return taken.get() >= limit;
    }

    /** Returns whether more is taken than may be, because the limit was lowered. */
    public boolean overfull() {
        return taken.get() > limit;
    }

    /** Returns how many slots are taken. */
    public int taken() {
        return taken.get();
    }

    /** Returns how many may be taken, {@link #UNLIMITED} if any number. */
    public int limit() {
        return limit;
    }

    /** Returns how many may wait for this member only, {@link #UNLIMITED} if any number. */
    public int waitingLimit() {
        return waitingLimit;
    }

    /** Returns how many wait for this member only. */
    public int waiting() {
        return waiting;
    }

    /** Returns the most that ever waited for this member only at once. */
    public int mostWaiting() {
        return mostWaiting;
    }

    /** Notes how many wait for this member only; called by one thread at a time. */
    public void onWaiting(int nowWaiting) {
        waiting = nowWaiting;
        mostWaiting = Math.max(mostWaiting, nowWaiting);
    }
}
