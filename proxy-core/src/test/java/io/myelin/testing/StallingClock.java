package io.myelin.testing;

import io.myelin.model.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The system's time, except that event loops can be held wherever they look at it: what happens meanwhile waits for
 * them all at once.
 */
public final class StallingClock implements Clock {
    private static final int PATIENCE_SECONDS = 10;

    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Returns once an event loop is held, which every one with a running timer soon is. */
    public void stall() throws InterruptedException {
        CountDownLatch stalled = new CountDownLatch(1);
        held = stalled;
        gate = new CountDownLatch(1);
        if (!stalled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no event loop swept its timers within " + PATIENCE_SECONDS + " s");
        }
    }

    /** Lets the loops go on. */
    public void resume() {
        gate.countDown();
    }

    @Override
    public long nanoTime() {
        CountDownLatch closed = gate;
        if (closed.getCount() > 0 && sweepsTimers()) {
            held.countDown();
            await(closed);
        }
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    private static boolean sweepsTimers() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("tick")));
    }

    private static void await(CountDownLatch closed) {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
