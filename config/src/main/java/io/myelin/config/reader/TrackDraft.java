package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import io.myelin.pool.Track;
import org.jspecify.annotations.Nullable;

/**
 * Whom the members of a service follow, before it is known which services there are.
 *
 * @param where the key that says so
 * @param context what messages begin with
 */
record TrackDraft(Track track, Where where, String context) {
    private static final String CHECKED_TOO = "members are checked or follow others, not both";

    /** Returns what a native key {@code track} or the service's lines say, {@code null} if members follow nobody. */
    static @Nullable TrackDraft read(Section service, boolean checked, @Nullable HaproxyService haproxy) {
        TrackDraft draft = service.has("track") ? ofKey(service) : haproxy == null ? null : haproxy.track();
        if (draft != null && checked) {
            service.problems().error(draft.where(), draft.context() + CHECKED_TOO, "check or track");
            return null;
        }
        return draft;
    }

    private static @Nullable TrackDraft ofKey(Section service) {
        String text = service.text("track", "[^/\\s]+(/\\S+)?", "SERVICE, or SERVICE/MEMBER");
        if (text == null) {
            return null;
        }
        Track track = text.contains("/") ? Track.parse(text) : new Track(text, "");
        return new TrackDraft(track, service.where("track"), "");
    }

    /** Returns what an option {@code track} of servers says. */
    static TrackDraft of(String option, Line line) {
        return new TrackDraft(Track.parse(option), line.where(), "`" + line.text() + "`: ");
    }
}
