package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.balance.Pick;
import io.myelin.balance.Slots;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Exchanges without sockets: each finds a member as an event loop would, perhaps after a wait. */
final class Crowd {
    private final Pool pool;

    Crowd(Pool pool) {
        this.pool = pool;
    }

    /** What an exchange is doing. */
    enum State {
        NEW,
        WAITING,
        SERVED,
        REFUSED,
        WITHOUT_MEMBER,
        GONE
    }

    /** One exchange; confined to its loop. */
    final class Guest implements Waiter.Outcome {
        private final Executor loop;
        private final @Nullable Member only;
        private final List<Member> excluded;
        private final Runnable onServed;
        private @Nullable Waiter waiter;
        private @Nullable WaitingLine line;

        @Nullable
        Slots slot;

        State state = State.NEW;

        Guest(Executor loop, @Nullable Member only, List<Member> excluded, Runnable onServed) {
            this.loop = loop;
            this.only = only;
            this.excluded = excluded;
            this.onServed = onServed;
        }

        void arrive() {
            PoolSnapshot snapshot = pool.snapshot();
            WaitingLine limits = snapshot.line();
            line = limits;
            if (limits == null) {
                state = snapshot.eligible().isEmpty() ? State.WITHOUT_MEMBER : State.SERVED;
                return;
            }
            Pick pick = member -> member.full() || excluded.contains(member);
            Member chosen = only != null
                    ? only
                    : limits.precedes() ? null : snapshot.picker().pick(pick);
            while (chosen != null) {
                Slots slots = chosen.slots();
                if (slots != null && slots.tryTake()) {
                    slot = slots;
                    state = State.SERVED;
                    onServed.run();
                    return;
                }
                chosen = only != null ? null : snapshot.picker().pick(pick);
            }
            if (only == null && excluded.containsAll(snapshot.eligible())) {
                state = State.WITHOUT_MEMBER;
                return;
            }
            state = State.WAITING;
            waiter = new Waiter(loop, this, snapshot.version(), 0, only, excluded);
            limits.join(waiter);
        }

        void leave() {
            Waiter waiting = waiter;
            WaitingLine at = line;
            Slots taken = slot;
            waiter = null;
            slot = null;
            if (at != null && waiting != null) {
                at.leave(waiting);
            }
            if (at != null && taken != null) {
                at.release(taken);
            }
            state = State.GONE;
        }

        @Nullable
        Waiter waiter() {
            return waiter;
        }

        @Nullable
        WaitingLine line() {
            return line;
        }

        @Override
        public void onTurn(Slots given) {
            waiter = null;
            slot = given;
            state = State.SERVED;
            onServed.run();
        }

        @Override
        public void onMembersChanged() {
            waiter = null;
            if (only == null) {
                arrive();
            } else {
                state = State.WITHOUT_MEMBER;
            }
        }

        @Override
        public void onRefused() {
            waiter = null;
            state = State.REFUSED;
        }
    }

    Guest guest(Executor loop) {
        return new Guest(loop, null, List.of(), () -> {});
    }

    Guest guest(Executor loop, Runnable onServed) {
        return new Guest(loop, null, List.of(), onServed);
    }

    Guest guestOf(Executor loop, Member only) {
        return new Guest(loop, only, List.of(), () -> {});
    }

    Guest guestAvoiding(Executor loop, Member avoided) {
        return new Guest(loop, null, List.of(avoided), () -> {});
    }
}
