package io.myelin.admin;

import io.myelin.pool.PoolChange;
import org.jspecify.annotations.Nullable;

/** One line of a pool's history, as JSON. */
record ChangeView(long version, String cause, @Nullable String at, int members, int eligible) {
    static ChangeView of(PoolChange change) {
        return new ChangeView(
                change.version(), change.cause(), Times.iso(change.atMillis()), change.members(), change.eligible());
    }
}
