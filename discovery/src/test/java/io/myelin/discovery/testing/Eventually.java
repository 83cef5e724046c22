package io.myelin.discovery.testing;

import io.myelin.testing.Await;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link Await} in the words of these tests. */
public final class Eventually {
    private Eventually() {}

    /** Returns once {@code condition} holds; fails after a bounded time, naming {@code what}. */
    public static void holds(String what, BooleanSupplier condition) {
        Await.until(what, condition);
    }

    /** Returns the first answer that is not {@code null}; fails after a bounded time, naming {@code what}. */
    public static <T> T found(String what, Supplier<@Nullable T> answer) {
        return Await.found(what, answer);
    }
}
