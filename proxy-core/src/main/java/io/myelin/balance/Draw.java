package io.myelin.balance;

import io.myelin.model.RandomSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members to draw from at random, each as likely as its weight says. Immutable. */
final class Draw {
    private final Member[] members;
    private final int[] schedule;
    private final RandomSource random;

    /** Creates a draw from {@code members}, which are not empty. */
    Draw(List<Member> members, RandomSource random) {
        this.members = members.toArray(Member[]::new);
        this.schedule = Schedule.of(members);
        this.random = random;
    }

    /** Returns a member that is neither excluded nor {@code other}, {@code null} if there is none. */
    @Nullable
    Member next(Pick pick, @Nullable Member other) {
        int start = random.below(schedule.length);
        for (int offset = 0; offset < schedule.length; offset++) {
            int turn = start + offset;
            Member member = members[schedule[turn < schedule.length ? turn : turn - schedule.length]];
            if (member != other && !pick.excludes(member)) {
                return member;
            }
        }
        return null;
    }
}
