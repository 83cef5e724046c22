package io.myelin.discovery.zookeeper;

import io.myelin.model.RandomSource;
import java.time.Duration;

/**
 * How long to wait before a request that was refused is repeated. Each pause is a random half to whole of twice the one
 * before.
 *
 * @param first of the first pause, more than 0
 * @param longest of any pause, at least {@code first}
 */
public record Pauses(Duration first, Duration longest) {
    /** Short enough for a registry that is only restarted. */
    public static final Pauses DEFAULT = new Pauses(Duration.ofMillis(100), Duration.ofMillis(3_200));

    private static final int MAX_DOUBLINGS = 30;

    public Pauses {
        if (first.isNegative() || first.isZero()) {
            throw new IllegalArgumentException("base_interval: " + first + " (expected: more than 0)");
        }
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("max_interval: " + longest + " (expected: >= " + first + ")");
        }
    }

    /** Returns the pause after {@code failures} in a row, at least 1. */
    Duration after(int failures, RandomSource random) {
        long most = longest.toMillis();
        long base = Math.max(1, first.toMillis());
        long doubled = base << Math.min(failures - 1, MAX_DOUBLINGS);
        long whole = doubled < base || doubled > most ? most : doubled;
        long part = whole / 2 + random.below((int) Math.min(Integer.MAX_VALUE - 1L, whole - whole / 2) + 1);
        return Duration.ofMillis(Math.max(base, part));
    }
}
