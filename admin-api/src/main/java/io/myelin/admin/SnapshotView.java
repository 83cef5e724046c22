package io.myelin.admin;

import io.myelin.pool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/** Which snapshot serves, as JSON. */
record SnapshotView(
        long version,
        String cause,
        @Nullable String at,
        @Nullable Double ageSeconds) {
    static SnapshotView of(PoolSnapshot snapshot, Times times) {
        return new SnapshotView(
                snapshot.version(),
                snapshot.cause(),
                Times.iso(snapshot.atMillis()),
                times.ageSeconds(snapshot.atMillis()));
    }
}
