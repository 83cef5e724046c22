package io.myelin.config.operator;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The file in which the last known pools are kept, for a start during which a registry cannot be asked.
 *
 * @param ttl how long a pool of which nothing more was heard is believed
 */
public record StateFileConfig(Path path, Duration ttl) {
    /** A day, as in Synapse. */
    public static final Duration DEFAULT_TTL = Duration.ofDays(1);

    public StateFileConfig {
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: > 0)");
        }
    }
}
