package io.myelin.accesslog;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.function.LongSupplier;

/** How many connections the process has open, counted at most once a round: it means asking every listener. */
@OwnedBy(Owner.ACCESS_LOG)
final class ConnectionCount implements LongSupplier {
    private final LongSupplier source;
    private long count;
    private boolean counted;

    ConnectionCount(LongSupplier source) {
        this.source = source;
    }

    /** Lets the next question count anew. */
    void beginRound() {
        counted = false;
    }

    @Override
    public long getAsLong() {
        if (!counted) {
            counted = true;
            count = source.getAsLong();
        }
        return count;
    }
}
