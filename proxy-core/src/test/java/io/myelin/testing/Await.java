package io.myelin.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what another thread or process brings about without a sign, by looking often. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 1_000_000;

    private Await() {}

    /** Returns once {@code condition} holds; fails after 30 s, naming {@code what}. */
    public static void until(String what, BooleanSupplier condition) {
        found(what, () -> condition.getAsBoolean() ? what : null);
    }

    /** Returns the first answer that is not {@code null}; fails after 30 s, naming {@code what}. */
    public static <T> T found(String what, Supplier<@Nullable T> answer) {
        long startNanos = System.nanoTime();
        while (true) {
            T value = answer.get();
            if (value != null) {
                return value;
            }
            if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
                throw new AssertionError("did not happen within " + LIMIT.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
