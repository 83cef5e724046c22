package io.myelin.testing;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to; safe from any thread. */
public final class FakeClock implements Clock {
    private static final long WALL_START = 1_700_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();

    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long wallMillis() {
        return WALL_START + nanos.get() / 1_000_000;
    }
}
