package io.myelin.benchmarks.process;

import io.myelin.model.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what another process does without a sign, by looking again and again. */
public final class Waiting {
    private Waiting() {}

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * Returns whether {@code condition} holds within {@code limit}; looks at it at once, and again after each
     * {@code pause}.
     */
    public static boolean until(Condition condition, Duration limit, Duration pause, Clock clock)
            throws IOException, InterruptedException {
        long startNanos = clock.nanoTime();
        while (!condition.holds()) {
            if (clock.nanoTime() - startNanos > limit.toNanos()) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
        return true;
    }
}
