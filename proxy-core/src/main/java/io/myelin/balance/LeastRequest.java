package io.myelin.balance;

import io.myelin.model.RandomSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the member with the fewest exchanges in flight for its weight, in turn among equals.
 *
 * <p>Compares every member of a pool of up to {@value #FULL_SCAN}; in a larger pool, that many in a row from a moving
 * start, which is as good in practice and keeps a pick's cost bounded.
 */
final class LeastRequest implements Balancer {
    private static final int FULL_SCAN = 128;

    private final AtomicInteger start;

    LeastRequest(RandomSource random) {
        start = new AtomicInteger(random.below(1 << 16));
    }

    @Override
    public Picker pickerFor(List<Member> eligible) {
        Member[] members = eligible.toArray(Member[]::new);
        return members.length == 0 ? pick -> null : pick -> least(members, pick);
    }

    private @Nullable Member least(Member[] members, Pick pick) {
        int first = Integer.remainderUnsigned(start.getAndIncrement(), members.length);
        @Nullable Member best = null;
        int compared = 0;
        for (int offset = 0; offset < members.length && compared < FULL_SCAN; offset++) {
            int index = first + offset;
            Member member = members[index < members.length ? index : index - members.length];
            if (!pick.excludes(member)) {
                best = best == null ? member : Load.lower(best, member);
                compared++;
            }
        }
        return best;
    }
}
