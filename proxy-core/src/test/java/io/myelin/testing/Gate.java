package io.myelin.testing;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Holds up whoever comes until the test lets one through. */
public final class Gate {
    private static final int PATIENCE_SECONDS = 20;

    private final Semaphore passes = new Semaphore(0, true);

    /** Lets the one who has waited longest through, or the next one who comes. */
    public void letOne() {
        passes.release();
    }

    /** Lets everybody through from now on. */
    public void open() {
        passes.release(1 << 20);
    }

    /** Waits to be let through. */
    public void pass() {
        try {
            if (!passes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the gate within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
