package io.myelin.net;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.concurrent.TimeUnit;

/** Lets one warning a second through and counts the others. */
@OwnedBy(Owner.EVENT_LOOP)
public final class Warnings {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long lastNanos;
    private long suppressed;
    private boolean any;

    /** Returns whether a warning may be written now; counts it if not. */
    public boolean due(long nowNanos) {
        if (any && nowNanos - lastNanos < PAUSE_NANOS) {
            suppressed++;
            return false;
        }
        any = true;
        lastNanos = nowNanos;
        return true;
    }

    /** Returns how many warnings were not written since the last call. */
    public long takeSuppressed() {
        long count = suppressed;
        suppressed = 0;
        return count;
    }
}
