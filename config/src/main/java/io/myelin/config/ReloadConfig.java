package io.myelin.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * When a running process reads its files again without being asked to.
 *
 * @param watch whether it does so when one of them changes
 * @param interval how often they are looked at, more than 0; a change is taken up once it is one interval old
 * @param places the files and directories that were read beside those that the process was started with
 */
public record ReloadConfig(boolean watch, Duration interval, List<Path> places) {
    /** A look costs a few system calls, and people wait a second for a change without noticing. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** When asked to only. */
    public static final ReloadConfig OFF = new ReloadConfig(false, DEFAULT_INTERVAL, List.of());

    public ReloadConfig {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: > 0)");
        }
        places = List.copyOf(places);
    }
}
