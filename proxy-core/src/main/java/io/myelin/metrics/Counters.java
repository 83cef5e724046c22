package io.myelin.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A row of numbers, one per constant of {@code K}, with a single writer.
 *
 * <p>The owning event loop writes without a fence; any thread reads a value that is never torn and at most a moment
 * old. Readers sum the rows of all loops.
 */
@SuppressWarnings("EnumOrdinal") // the row lives and dies with its process, so the order of constants may change
public final class Counters<K extends Enum<K>> {
    private final AtomicLongArray values;

    public Counters(Class<K> keys) {
        values = new AtomicLongArray(keys.getEnumConstants().length);
    }

    /** Adds one. Owner only. */
    public void increment(K key) {
        add(key, 1);
    }

    /** Adds {@code delta}, which is negative where the number is a gauge that falls. Owner only. */
    public void add(K key, long delta) {
        int index = key.ordinal();
        values.setOpaque(index, values.getPlain(index) + delta);
    }

    /** Returns the value; any thread. */
    public long read(K key) {
        return values.getOpaque(key.ordinal());
    }
}
