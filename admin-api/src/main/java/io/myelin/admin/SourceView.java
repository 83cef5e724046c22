package io.myelin.admin;

import io.myelin.model.SourceStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's source says of itself, as JSON.
 *
 * @param since when {@code state} began
 * @param syncedAt when everything was last read, {@code null} if never
 */
record SourceView(
        String source,
        String state,
        @Nullable String since,
        @Nullable Double sinceSeconds,
        @Nullable String syncedAt,
        @Nullable Double syncedSeconds,
        @Nullable String error) {
    static SourceView of(SourceStatus status, Times times) {
        return new SourceView(
                status.source(),
                Json.name(status.state()),
                Times.iso(status.sinceMillis()),
                times.ageSeconds(status.sinceMillis()),
                Times.iso(status.syncedMillis()),
                times.ageSeconds(status.syncedMillis()),
                status.error().isEmpty() ? null : status.error());
    }
}
