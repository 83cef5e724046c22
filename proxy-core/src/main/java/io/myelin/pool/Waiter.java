package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.balance.Pick;
import io.myelin.balance.Slots;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one exchange or tunnel for a member that has room.
 *
 * <p>It belongs to its event loop, which may leave the line at any moment; the line decides what becomes of those that
 * did not.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class Waiter implements Pick {
    private final Executor loop;
    private final Outcome outcome;
    private final long snapshotVersion;
    private final long sinceNanos;
    private final @Nullable Member only;
    private final List<Member> excluded;
    private final AtomicBoolean settled = new AtomicBoolean();
    private boolean left;

    /** What can become of a wait. One of the methods is called, once, on the event loop, unless the waiter left. */
    public interface Outcome {
        /** A slot was taken for the waiter, who gives it back with {@link WaitingLine#release}. */
        void onTurn(Slots slot);

        /** What was waited for may never come: the members are others than they were. */
        void onMembersChanged();

        /** As many as may wait are waiting. */
        void onRefused();
    }

    /**
     * Creates a waiter that is in no line yet.
     *
     * @param loop runs tasks on the event loop
     * @param snapshotVersion of the snapshot in which no member had room
     * @param only the one member that it waits for, {@code null} for any
     * @param excluded members that it does not wait for
     */
    public Waiter(
            Executor loop,
            Outcome outcome,
            long snapshotVersion,
            long sinceNanos,
            @Nullable Member only,
            List<Member> excluded) {
        this.loop = loop;
        this.outcome = outcome;
        this.snapshotVersion = snapshotVersion;
        this.sinceNanos = sinceNanos;
        this.only = only;
        this.excluded = List.copyOf(excluded);
    }

    long snapshotVersion() {
        return snapshotVersion;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    @Nullable
    Member only() {
        return only;
    }

    /** Returns whether every member would do, so that nobody behind it can be served before it is. */
    boolean takesAny() {
        return only == null && excluded.isEmpty();
    }

    /** Returns whether it must not get a slot at {@code member}, full or not. */
    boolean avoids(Member member) {
        return excluded.contains(member);
    }

    /** Returns whether none of {@code members} would do. */
    boolean avoidsAll(Set<Member> members) {
        return members.isEmpty() || (excluded.size() >= members.size() && excluded.containsAll(members));
    }

    @Override
    public boolean excludes(Member member) {
        return member.full() || avoids(member);
    }

    /** Hands over a slot; returns whether the waiter takes it, now or by passing it on. Any thread. */
    boolean serve(Slots slot, WaitingLine line) {
        return settle(() -> arrive(slot, line));
    }

    private void arrive(Slots slot, WaitingLine line) {
        if (left) {
            line.release(slot);
        } else {
            outcome.onTurn(slot);
        }
    }

    void tellOfChange() {
        settle(() -> tell(outcome::onMembersChanged));
    }

    void refuse() {
        settle(() -> tell(outcome::onRefused));
    }

    private void tell(Runnable news) {
        if (!left) {
            news.run();
        }
    }

    private boolean settle(Runnable task) {
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ignored) {
            // Its event loop has stopped, and everything on it is gone.
            return false;
        }
    }

    /** Makes sure that none of the outcomes follows any more. Event loop. */
    void leave() {
        left = true;
        settled.set(true);
    }
}
