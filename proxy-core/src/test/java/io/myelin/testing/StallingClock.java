package io.myelin.testing;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The system's time, except that an event loop can be held where it sweeps its timers: what happens meanwhile reaches
 * it all at once, in order.
 */
public final class StallingClock implements Clock {
    private static final int PATIENCE_SECONDS = 10;

    private final AtomicInteger sweeps = new AtomicInteger();
    private final AtomicLong skippedNanos = new AtomicLong();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /**
     * Returns once the event loop is held, which one with a running timer soon is. Holds it in the second sweep from
     * now: before that, it has asked for what happened to its sockets and found nothing.
     */
    public void stall() throws InterruptedException {
        CountDownLatch stalled = new CountDownLatch(1);
        held = stalled;
        sweeps.set(0);
        gate = new CountDownLatch(1);
        if (!stalled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the event loop did not sweep its timers within " + PATIENCE_SECONDS + " s");
        }
    }

    /** Lets time pass at once. What that makes due is seen at the next sweep, a fraction of a second later. */
    public void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }

    /** Lets the loop go on. */
    public void resume() {
        gate.countDown();
    }

    @Override
    public long nanoTime() {
        CountDownLatch closed = gate;
        if (closed.getCount() > 0 && sweepBegins() && sweeps.incrementAndGet() > 1) {
            held.countDown();
            await(closed);
        }
        return System.nanoTime() + skippedNanos.get();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    /** Returns whether whoever asks for the time is a sweep itself and not what it calls. */
    private static boolean sweepBegins() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(2)
                        .findFirst()
                        .map(caller -> caller.getMethodName().equals("tick"))
                        .orElse(false));
    }

    private static void await(CountDownLatch closed) {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
