package io.myelin.server;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many client connections may be open at once, at one listener or in the whole process, and who waits to let the
 * next one in. Safe from any thread.
 */
final class ConnectionLimit {
    /*
     * Whoever waits is counted among the waiting first and looks for room after that; whoever makes room looks for those
     * who wait after that. So of the two at least one sees the other, and for each place that becomes free one of the
     * waiting is told.
     */
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<Door> waiting = new ConcurrentLinkedQueue<>();
    private volatile int limit;

    ConnectionLimit(int limit) {
        this.limit = limit;
    }

    /** Where connections come in. */
    @FunctionalInterface
    interface Door {
        /**
         * There may be room at {@code place}. Who cannot use it says so with {@link #passOn}; who finds it taken waits
         * anew. Any thread.
         */
        void onRoom(ConnectionLimit place);
    }

    /** Counts a connection in if there is room for it. */
    boolean tryEnter() {
        for (int now = open.get(); now < limit; now = open.get()) {
            if (open.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Counts a connection out. */
    void leave() {
        open.decrementAndGet();
        passOn();
    }

    /** Tells {@code door} once there is room, which may be at once. */
    void await(Door door) {
        waiting.add(door);
        if (open.get() < limit) {
            passOn();
        }
    }

    /** Tells the next of those who wait that there may be room. */
    void passOn() {
        Door next = waiting.poll();
        if (next != null) {
            next.onRoom(this);
        }
    }

    /** Changes the limit; connections beyond a lower one stay. */
    void limit(int newLimit) {
        limit = newLimit;
        for (int told = waiting.size(); told > 0; told--) {
            passOn();
        }
    }

    int limit() {
        return limit;
    }

    /** Returns how many connections were counted in and not out. */
    int open() {
        return open.get();
    }
}
