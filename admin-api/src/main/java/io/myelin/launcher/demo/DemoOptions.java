package io.myelin.launcher.demo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the demo plays.
 *
 * @param pace time between two events
 * @param seed decides to whom the events happen
 * @param limit when it ends by itself, {@code null} if it does not
 * @param once whether it ends after the last event instead of starting over
 */
public record DemoOptions(
        Duration pace, long seed, @Nullable Duration limit, boolean once) {
    public DemoOptions {
        if (pace.isZero() || pace.isNegative()) {
            throw new IllegalArgumentException("pace: " + pace + " (expected: > 0)");
        }
    }
}
