package io.myelin.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process as a whole, as JSON.
 *
 * @param unroutedFailures how many exchanges failed before a pool was chosen, by reason
 */
record ProcessStatus(
        String version,
        String java,
        String transport,
        boolean draining,
        ConfigView config,
        Map<String, Long> unroutedFailures) {
    /** What became of the configuration, as JSON. */
    record ConfigView(
            long version,
            @Nullable String appliedAt,
            long rejected,
            @Nullable String error) {}

    static ProcessStatus of(ProcessView view) {
        ConfigStatus config = view.config();
        return new ProcessStatus(
                view.version(),
                Runtime.version().toString(),
                view.transport(),
                view.draining(),
                new ConfigView(
                        config.version(),
                        Times.iso(config.appliedMillis()),
                        config.rejected(),
                        config.error().isEmpty() ? null : config.error()),
                FailureCounts.of(view::unrouted));
    }
}
