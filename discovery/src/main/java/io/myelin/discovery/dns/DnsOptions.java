package io.myelin.discovery.dns;

import java.time.Duration;
import java.util.List;

/**
 * Whom to ask for names, and how long to believe the answers.
 *
 * @param nameservers asked in this order; empty for those of the system
 * @param checkInterval the longest time that an answer is believed, also one that does not say for how long it holds,
 *     such as that a name does not exist
 * @param minTtl the shortest time that an answer is believed, whatever it says; {@code checkInterval} bounds it
 */
public record DnsOptions(List<Nameserver> nameservers, Duration checkInterval, Duration minTtl) {
    /** The system's name servers, asked every half minute at least and every second at most. */
    public static final DnsOptions DEFAULT = new DnsOptions(List.of(), Duration.ofSeconds(30), Duration.ofSeconds(1));

    public DnsOptions {
        nameservers = List.copyOf(nameservers);
        requirePositive("check_interval", checkInterval);
        requirePositive("min_ttl", minTtl);
    }

    /** Returns how long an answer is believed whose records live for {@code ttlSeconds}. */
    public Duration believed(long ttlSeconds) {
        Duration atLeast = checkInterval.compareTo(minTtl) < 0 ? checkInterval : minTtl;
        if (ttlSeconds >= checkInterval.toSeconds() + 1) {
            return checkInterval;
        }
        Duration stated = Duration.ofSeconds(Math.max(0, ttlSeconds));
        if (stated.compareTo(atLeast) < 0) {
            return atLeast;
        }
        return stated.compareTo(checkInterval) < 0 ? stated : checkInterval;
    }

    private static void requirePositive(String key, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(key + ": " + duration + " (expected: more than 0)");
        }
    }
}
