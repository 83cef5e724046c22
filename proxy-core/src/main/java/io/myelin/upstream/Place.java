package io.myelin.upstream;

import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Deadline;
import io.myelin.net.Loop;
import io.myelin.pool.Waiter;
import io.myelin.pool.WaitingLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an exchange or tunnel has in a pool with limits: nothing, a place in its line, or a slot of a member. */
@OwnedBy(Owner.EVENT_LOOP)
final class Place implements Waiter.Outcome {
    private final News news;
    private final Deadline limit;
    private @Nullable Loop loop;
    private @Nullable WaitingLine line;
    private @Nullable Waiter waiter;
    private @Nullable Slots slot;

    /** What becomes of a place in a line. */
    interface News {
        /** There is a slot now. */
        void onTurn(Member member);

        /** The place is lost, and the members are others than they were. */
        void onMembersChanged();

        /** There is no place. */
        void onRefused();

        /** The place is lost, because nothing came of it for too long. */
        void onTimeout();
    }

    Place(News news) {
        this.news = news;
        this.limit = new Deadline(this::onLimit);
    }

    /** Takes a slot of {@code member}; returns whether there was one, or none was needed. */
    boolean take(WaitingLine of, Member member) {
        assert slot == null : "takes a second slot";
        Slots wanted = member.slots();
        if (wanted == null) {
            return true;
        }
        if (!wanted.tryTake()) {
            return false;
        }
        line = of;
        slot = wanted;
        return true;
    }

    /**
     * Waits for a slot. Waiting on after the members changed counts as the same wait.
     *
     * @param only the member to wait for, {@code null} for any
     * @param excluded members not to wait for
     */
    void lineUp(WaitingLine at, long snapshotVersion, @Nullable Member only, List<Member> excluded, Loop on) {
        Waiter next =
                new Waiter(on.executor(), this, snapshotVersion, on.clock().nanoTime(), only, excluded);
        loop = on;
        line = at;
        waiter = next;
        if (!limit.armed()) {
            on.timers().arm(limit, at.timeoutNanos());
        }
        at.join(next);
    }

    /** Gives up whatever there is. */
    void release() {
        WaitingLine at = line;
        if (at == null) {
            return;
        }
        Waiter waiting = waiter;
        Slots taken = slot;
        line = null;
        waiter = null;
        slot = null;
        endWait();
        if (waiting != null) {
            at.leave(waiting);
        }
        if (taken != null) {
            at.release(taken);
        }
    }

    @Override
    public void onTurn(Slots given) {
        waiter = null;
        slot = given;
        news.onTurn(given.member());
    }

    @Override
    public void onMembersChanged() {
        waiter = null;
        news.onMembersChanged();
    }

    @Override
    public void onRefused() {
        waiter = null;
        news.onRefused();
    }

    private void onLimit() {
        release();
        news.onTimeout();
    }

    /** Lets the time limit of a wait go that is over. */
    void endWait() {
        Loop waitedOn = loop;
        if (waitedOn != null) {
            waitedOn.timers().forget(limit);
        }
    }
}
