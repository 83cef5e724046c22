package io.myelin.discovery.testing;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what cannot be awaited, by looking often. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = 1_000_000;

    private Eventually() {}

    /** Returns once {@code condition} holds; fails after 20 s, naming {@code what}. */
    public static void holds(String what, BooleanSupplier condition) {
        found(what, () -> condition.getAsBoolean() ? what : null);
    }

    /** Returns the first answer that is not {@code null}; fails after 20 s, naming {@code what}. */
    public static <T> T found(String what, Supplier<@Nullable T> answer) {
        long deadline = Clock.SYSTEM.nanoTime() + LIMIT.toNanos();
        while (true) {
            T value = answer.get();
            if (value != null) {
                return value;
            }
            if (Clock.SYSTEM.nanoTime() > deadline) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
