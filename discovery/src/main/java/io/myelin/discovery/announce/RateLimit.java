package io.myelin.discovery.announce;

/**
 * How often an instance may change between announced and withdrawn.
 *
 * @param perSecond changes per second in the long run, more than 0; infinite for any number
 * @param burst changes that may follow each other at once after a quiet time, at least 1; infinite for any number
 * @param shadow whether changes beyond the limit are only counted
 */
public record RateLimit(double perSecond, double burst, boolean shadow) {
    /** No limit, as with Nerve unless it is told otherwise. */
    public static final RateLimit NONE = new RateLimit(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, true);

    public RateLimit {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("average_rate: " + perSecond + " (expected: > 0)");
        }
        if (!(burst >= 1)) {
            throw new IllegalArgumentException("max_burst: " + burst + " (expected: >= 1)");
        }
    }
}
