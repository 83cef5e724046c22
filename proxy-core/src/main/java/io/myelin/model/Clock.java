package io.myelin.model;

/** The only source of time, replaceable in tests. Safe from any thread. */
public interface Clock {
    Clock SYSTEM = new SystemClock();

    /** Returns monotonic time in nanoseconds; only differences mean anything. */
    long nanoTime();

    /** Returns the wall clock in milliseconds since the epoch, for showing to people. */
    long wallMillis();
}
