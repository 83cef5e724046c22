package io.myelin.balance;

import io.myelin.model.RandomSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes members in turn, each as often as its weight says, starting at a random turn so that a fleet of proxies does
 * not march in step.
 *
 * <p>All event loops share the turn: two requests in a row go to two members, whichever loops carried them.
 */
final class RoundRobin implements Balancer {
    private final AtomicInteger turn;

    RoundRobin(RandomSource random) {
        turn = new AtomicInteger(random.below(1 << 16));
    }

    @Override
    public Picker pickerFor(List<Member> eligible) {
        return eligible.isEmpty()
                ? pick -> null
                : new InTurn(eligible.toArray(Member[]::new), Schedule.of(eligible), turn);
    }

    private static final class InTurn implements Picker {
        private final Member[] members;
        private final int[] schedule;
        private final AtomicInteger turn;

        InTurn(Member[] members, int[] schedule, AtomicInteger turn) {
            this.members = members;
            this.schedule = schedule;
            this.turn = turn;
        }

        @Override
        public @Nullable Member pick(Pick pick) {
            for (int tries = 0; tries < schedule.length; tries++) {
                int now = Integer.remainderUnsigned(turn.getAndIncrement(), schedule.length);
                Member member = members[schedule[now]];
                if (!pick.excludes(member)) {
                    return member;
                }
            }
            return firstNotExcluded(pick);
        }

        /** Other loops take turns too, so a full round of tries can miss a member: look at each once. */
        private @Nullable Member firstNotExcluded(Pick pick) {
            for (Member member : members) {
                if (!pick.excludes(member)) {
                    return member;
                }
            }
            return null;
        }
    }
}
