package io.myelin.discovery.announce;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an instance is to be announced, from what its checks say and from how often it changed. It performs
 * nothing itself.
 */
@OwnedBy(Owner.CONTROL)
public final class AnnounceMachine {
    /*
     * Before the first verdict nothing is wished for: an instance that nobody has checked is not announced. A change
     * that the rate limit holds back is not lost, since the next verdict, one check interval later, asks again. Stopping
     * is not limited: an instance that goes away must not be left announced.
     */
    private final Clock clock;
    private RateLimit limit;
    private TokenBucket bucket;
    private Wish wish = Wish.NONE;
    private boolean stopped;
    private long transitions;
    private long throttled;

    /** What the registry is to say of the instance. */
    public enum Wish {
        /** Nothing yet: no check has completed. */
        NONE,
        ANNOUNCED,
        WITHDRAWN
    }

    public AnnounceMachine(RateLimit limit, Clock clock) {
        this.clock = clock;
        this.limit = limit;
        this.bucket = new TokenBucket(limit, clock);
    }

    /** Limits otherwise from now on. */
    public void reconfigure(RateLimit next) {
        if (!next.equals(limit)) {
            limit = next;
            bucket = new TokenBucket(next, clock);
        }
    }

    /** Forgets what was wished for, so that the next verdict decides anew, as for an instance at a new address. */
    public void restart() {
        if (!stopped) {
            wish = Wish.NONE;
        }
    }

    /** Takes a verdict of the checks and returns the new wish, {@code null} if it stays what it was. */
    public @Nullable Wish onVerdict(boolean passing) {
        Wish next = passing ? Wish.ANNOUNCED : Wish.WITHDRAWN;
        if (stopped || next == wish) {
            return null;
        }
        if (!bucket.tryTake()) {
            throttled++;
            if (!limit.shadow()) {
                return null;
            }
        }
        wish = next;
        transitions++;
        return next;
    }

    /** Ends the announcing for good, whatever verdicts follow. */
    public Wish stop() {
        stopped = true;
        wish = Wish.WITHDRAWN;
        return wish;
    }

    /** Returns whether the announcing has ended for good. */
    public boolean stopped() {
        return stopped;
    }

    public Wish wish() {
        return wish;
    }

    /** Returns how often the wish changed. */
    public long transitions() {
        return transitions;
    }

    /** Returns how many changes came too soon, those that were let pass included. */
    public long throttled() {
        return throttled;
    }
}
