package io.myelin.synse;

import io.myelin.model.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Spells moments of the wall clock as the API does: RFC 3339, UTC, whole seconds. */
final class Moments {
    private Moments() {}

    static String now(Clock clock) {
        return of(clock.wallMillis());
    }

    static String of(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
