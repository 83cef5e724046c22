package io.myelin.upstream;

import io.myelin.balance.Member;
import io.myelin.balance.Pick;
import io.myelin.failure.Failure;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Loop;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import io.myelin.pool.StickyMembers;
import io.myelin.pool.UpstreamConfig;
import io.myelin.pool.WaitingLine;
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
     *
     * Where members have limits, picking one takes a slot of it, which is kept until release(). Members without a free
     * slot are passed over, unless the exchange belongs to one: because of its key, or because it was told so. It then
     * waits for that one. Everything else waits for any member that has not failed it yet, behind those who came before.
     * A member that the exchange sticks to comes first, as long as it is open to its clients; once another one takes
     * the exchange in its place, it is like any that failed.
     */
    /** What {@link #goBy} is told of an exchange that lacks what its pool goes by. */
    public static final long NO_KEY = -1;

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Member> tried = new ArrayList<>(0);
    private Pool pool;
    private PoolSnapshot snapshot;
    private @Nullable Member next;
    private @Nullable Place place;
    private @Nullable Waiting waiting;
    private @Nullable Loop loop;
    private @Nullable Member only;
    private boolean passesOverFull;
    private @Nullable Member favourite;
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
        favourite = null;
        retries = 0;
        key = NO_KEY;
        tried.clear();
        passesOverFull = false;
        assert waiting == null : "began while the exchange before it waits";
    }

    /** Says which key the exchange has: a hash as an unsigned number, or {@link #NO_KEY}. */
    public void goBy(long newKey) {
        key = newKey;
    }

    /** Says which member the exchange sticks to, {@code null} for none. */
    public void stickTo(@Nullable Member member) {
        favourite = member;
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

    /** Whoever waits for a member to have room. One of the methods is called, once, on the loop. */
    public interface Waiting {
        /** The attempt goes to {@code member}, as if it had been picked. */
        void onTurn(Member member);

        /** There will be no member. */
        void onNoTurn(Failure failure);
    }

    /** Says that the first attempt belongs to {@code member}, full or not. */
    public void goTo(Member member) {
        next = member;
    }

    /**
     * Returns the member for the coming attempt, {@code null} if the pool has none to offer now; then {@link #lineUp}
     * says whether it may have one later.
     */
    public @Nullable Member pick() {
        Member chosen = next;
        next = null;
        if (chosen == null && open(favourite)) {
            chosen = favourite;
        }
        WaitingLine line = snapshot.line();
        if (line != null) {
            return pickWithRoom(line, chosen);
        }
        return chosen != null ? chosen : snapshot.picker().pick(this);
    }

    private boolean open(@Nullable Member member) {
        StickyMembers sticky = member == null ? null : snapshot.sticky();
        return member != null && sticky != null && sticky.open(member);
    }

    private @Nullable Member pickWithRoom(WaitingLine line, @Nullable Member wanted) {
        boolean keyed = hasKey() && snapshot.hash() != null;
        passesOverFull = !keyed;
        only = wanted;
        if (wanted == null && !keyed && line.precedes()) {
            return null;
        }
        Place taking = place();
        Member chosen = wanted != null ? wanted : snapshot.picker().pick(this);
        while (chosen != null && !taking.take(line, chosen)) {
            if (wanted != null || keyed) {
                only = chosen;
                return null;
            }
            chosen = snapshot.picker().pick(this);
        }
        return chosen;
    }

    private Place place() {
        Place existing = place;
        if (existing == null) {
            existing = new Place(new FromLine());
            place = existing;
        }
        return existing;
    }

    /**
     * Waits for a member after {@link #pick()} found none. {@link #release()} ends the wait.
     *
     * @return whether there is any to wait for; if not, {@code whoever} is not called
     */
    public boolean lineUp(Loop on, Waiting whoever) {
        WaitingLine line = snapshot.line();
        if (line == null || (only == null && !anyUntried())) {
            return false;
        }
        loop = on;
        waiting = whoever;
        place().lineUp(line, snapshot.version(), only, only == null ? tried : List.of(), on);
        return true;
    }

    private boolean anyUntried() {
        for (Member member : snapshot.eligible()) {
            if (!tried.contains(member)) {
                return true;
            }
        }
        return false;
    }

    /** Gives up the slot of the member that was picked, or the wait for one. Does nothing if there is neither. */
    public void release() {
        if (place != null) {
            waiting = null;
            only = null;
            place.release();
        }
    }

    private void lookAgain() {
        snapshot = pool.snapshot();
        if (!anyUntried()) {
            tried.clear();
        }
        Loop on = loop;
        Waiting whoever = waiting;
        if (on == null || whoever == null) {
            return;
        }
        Member member = pick();
        if (member != null) {
            proceed(member);
        } else if (!lineUp(on, whoever)) {
            giveUp(Failure.NO_MEMBER);
        }
    }

    private void proceed(Member member) {
        Waiting whoever = waiting;
        waiting = null;
        place().endWait();
        if (whoever != null) {
            whoever.onTurn(member);
        }
    }

    private void giveUp(Failure failure) {
        Waiting whoever = waiting;
        release();
        if (whoever != null) {
            whoever.onNoTurn(failure);
        }
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
        if (snapshot.line() != null) {
            if (anyUntried()) {
                favourite = null;
                return Verdict.NOW;
            }
        } else {
            next = snapshot.picker().pick(this);
            if (next != null) {
                favourite = null;
                return Verdict.NOW;
            }
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
        return (passesOverFull && member.full()) || (!tried.isEmpty() && tried.contains(member));
    }

    /** What the line says to the exchange, on its way there. */
    private final class FromLine implements Place.News {
        @Override
        public void onTurn(Member member) {
            snapshot = pool.snapshot();
            proceed(member);
        }

        @Override
        public void onMembersChanged() {
            lookAgain();
        }

        /** One that was sent to a member, rather than belonging there by its key, may go elsewhere. */
        @Override
        public void onRefused() {
            if (only != null && !hasKey() && upstream().redispatch()) {
                favourite = null;
                lookAgain();
            } else {
                giveUp(Failure.QUEUE_FULL);
            }
        }

        @Override
        public void onTimeout() {
            giveUp(Failure.QUEUE_TIMEOUT);
        }
    }
}
