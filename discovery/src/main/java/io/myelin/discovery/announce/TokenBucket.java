package io.myelin.discovery.announce;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/**
 * A rate limit at work: tokens come in at the rate and go out one by one.
 *
 * <p>It begins with what comes in within a second, as Nerve's does, and with one token at least, so that a slow rate
 * does not hold up the first announcement.
 */
@OwnedBy(Owner.CONTROL)
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final RateLimit limit;
    private final Clock clock;
    private double tokens;
    private long filledNanos;

    TokenBucket(RateLimit limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
        this.tokens = Math.min(limit.burst(), Math.max(1, limit.perSecond()));
        this.filledNanos = clock.nanoTime();
    }

    /** Takes a token, if there is one. */
    boolean tryTake() {
        if (Double.isInfinite(limit.perSecond())) {
            return true;
        }
        fill();
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    private void fill() {
        long nowNanos = clock.nanoTime();
        double gained = (nowNanos - filledNanos) / NANOS_PER_SECOND * limit.perSecond();
        tokens = Math.min(limit.burst(), tokens + gained);
        filledNanos = nowNanos;
    }
}
