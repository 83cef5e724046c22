package io.myelin.upstream;

import io.myelin.balance.Member;
import io.myelin.balance.Pick;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one exchange or tunnel to find a member: who was tried, how often, and who is next. Reused from one
 * exchange of a connection to the next.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class Dispatch implements Pick {
    /*
     * HAProxy's rules. With redispatch, a failed connection is tried at once on a member that has not failed this
     * exchange yet; when there is none left, and always without redispatch, the next attempt waits a second (or the
     * connect timeout, if that is shorter) so that a restarting member has a chance. Every attempt works on the
     * snapshot of its own moment.
     */
    /** What {@link #goBy} is told of an exchange that lacks what its pool goes by. */
    public static final long NO_KEY = -1;

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Member> tried = new ArrayList<>(0);
    private Pool pool;
    private PoolSnapshot snapshot;
    private @Nullable Member next;
    private int retries;
    private long key = NO_KEY;

    public Dispatch(Pool pool) {
        this.pool = pool;
        this.snapshot = pool.snapshot();
    }

    /** Starts over for another exchange. */
    public void begin(Pool newPool) {
        pool = newPool;
        snapshot = newPool.snapshot();
        next = null;
        retries = 0;
        key = NO_KEY;
        tried.clear();
    }

    /** Says which key the exchange has: a hash as an unsigned number, or {@link #NO_KEY}. */
    public void goBy(long newKey) {
        key = newKey;
    }

    /** What to do after a failed attempt. */
    public enum Verdict {
        /** Another attempt at once, with {@link #pick()}. */
        NOW,
        /** Another attempt after {@link #pauseNanos()}. */
        LATER,
        /** No further attempt. */
        GIVE_UP
    }

    /** Returns the member for the coming attempt, {@code null} if the pool has none to offer. */
    public @Nullable Member pick() {
        Member chosen = next;
        next = null;
        return chosen != null ? chosen : snapshot.picker().pick(this);
    }

    /** Returns the snapshot that the latest pick was made from. */
    public PoolSnapshot snapshot() {
        return snapshot;
    }

    public UpstreamConfig upstream() {
        return snapshot.upstream();
    }

    /** Says what follows from a failure to connect to {@code failed}. */
    public Verdict onConnectFailed(Member failed) {
        snapshot = pool.snapshot();
        if (retries >= upstream().retries()) {
            return Verdict.GIVE_UP;
        }
        retries++;
        if (!upstream().redispatch()) {
            next = failed.retired() || !failed.eligible() ? null : failed;
            return Verdict.LATER;
        }
        tried.add(failed);
        next = snapshot.picker().pick(this);
        if (next != null) {
            return Verdict.NOW;
        }
        tried.clear();
        return Verdict.LATER;
    }

    /**
     * Says whether a request that {@code failed} was sent gets another attempt, at once and with {@link #pick()}: from
     * another member with redispatch, else from the same.
     */
    public boolean onUnanswered(Member failed) {
        snapshot = pool.snapshot();
        if (retries >= upstream().retries()) {
            return false;
        }
        retries++;
        if (upstream().redispatch()) {
            tried.add(failed);
            next = snapshot.picker().pick(this);
        } else {
            next = failed.retired() || !failed.eligible() ? null : failed;
        }
        return next != null;
    }

    /** Starts the attempt after a pause on the snapshot of now. */
    public void resume() {
        snapshot = pool.snapshot();
    }

    /** Returns how long a {@link Verdict#LATER} waits. */
    public long pauseNanos() {
        long timeout = upstream().connectTimeout().toNanos();
        return timeout == 0 ? PAUSE_NANOS : Math.min(PAUSE_NANOS, timeout);
    }

    @Override
    public boolean hasKey() {
        return key != NO_KEY;
    }

    @Override
    public int key() {
        return (int) key;
    }

    @Override
    public boolean excludes(Member member) {
        return !tried.isEmpty() && tried.contains(member);
    }
}
