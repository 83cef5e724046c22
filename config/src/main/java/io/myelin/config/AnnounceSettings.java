package io.myelin.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the files say about announcing.
 *
 * @param announcements what can be announced, with unique names
 * @param broken the names of those that cannot be used
 * @param heartbeat the file that is touched while the process works, {@code null} for none
 */
public record AnnounceSettings(
        List<AnnounceConfig> announcements,
        List<String> broken,
        @Nullable Path heartbeat) {
    public static final AnnounceSettings NONE = new AnnounceSettings(List.of(), List.of(), null);

    public AnnounceSettings {
        announcements = List.copyOf(announcements);
        broken = List.copyOf(broken);
    }
}
