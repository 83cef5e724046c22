package io.myelin.admin;

import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's source says of itself, as JSON.
 *
 * @param since when {@code state} began
 * @param syncedAt when everything was last read, {@code null} if never
 * @param parts the sources that this one is made of, {@code null} if it is made of no others
 */
record SourceView(
        String source,
        String state,
        @Nullable String since,
        @Nullable Double sinceSeconds,
        @Nullable String syncedAt,
        @Nullable Double syncedSeconds,
        @Nullable String error,
        @Nullable List<PartView> parts) {
    /**
     * One of the sources that another is made of, as JSON.
     *
     * @param serving whether its endpoints are used now
     */
    record PartView(String name, boolean serving, int endpoints, SourceView source) {
        static PartView of(Part part, Times times) {
            return new PartView(part.name(), part.serving(), part.endpoints(), SourceView.of(part.status(), times));
        }
    }

    static SourceView of(SourceStatus status, Times times) {
        return new SourceView(
                status.source(),
                Json.name(status.state()),
                Times.iso(status.sinceMillis()),
                times.ageSeconds(status.sinceMillis()),
                Times.iso(status.syncedMillis()),
                times.ageSeconds(status.syncedMillis()),
                status.error().isEmpty() ? null : status.error(),
                status.parts().isEmpty()
                        ? null
                        : status.parts().stream()
                                .map(part -> PartView.of(part, times))
                                .toList());
    }
}
