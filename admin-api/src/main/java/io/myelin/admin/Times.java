package io.myelin.admin;

import io.myelin.model.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Spells moments of the wall clock as they were at one now. */
record Times(long nowMillis) {
    static Times now(Clock clock) {
        return new Times(clock.wallMillis());
    }

    /** Returns the moment in ISO 8601, UTC; {@code null} for 0, which means never. */
    static @Nullable String iso(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }

    /** Returns the seconds since the moment, at least 0; {@code null} for 0, which means never. */
    @Nullable
    Double ageSeconds(long millis) {
        return millis == 0 ? null : Math.max(0, nowMillis - millis) / 1e3;
    }
}
