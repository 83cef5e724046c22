package io.myelin.config.operator;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The file in which the last known pools are kept, for a start during which a registry cannot be asked.
 *
 * @param ttl how long a pool of which nothing more was heard is believed
 * @param interval how often at least the file is written, whether or not anything changed
 */
public record StateFileConfig(Path path, Duration ttl, Duration interval) {
    /** A day, as in Synapse. */
    public static final Duration DEFAULT_TTL = Duration.ofDays(1);

    /** Once a minute, as Synapse does, since operators watch the age of the file. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    /** A file that is written as often as Synapse's. */
    public StateFileConfig(Path path, Duration ttl) {
        this(path, ttl, DEFAULT_INTERVAL);
    }

    public StateFileConfig {
        requirePositive("ttl", ttl);
        requirePositive("interval", interval);
    }

    /** Returns how long changes are gathered, to be written together. */
    public Duration delay() {
        return interval.compareTo(LONGEST_DELAY) < 0 ? interval : LONGEST_DELAY;
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: > 0)");
        }
    }
}
