package io.myelin.balance;

import io.myelin.model.RandomSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the member with the fewest exchanges in flight for its weight, in turn among equals.
 *
 * <p>A pool of up to {@value #COMPARES_ALL} members is compared whole, so that the choice is exact. In a larger pool
 * the least loaded of {@value #COMPARED} neighbours is taken, who are others with every pick: a busy member is passed
 * over as surely, an idle one is found within a round of picks, and a pick costs the same however large the pool is.
 */
final class LeastRequest implements Balancer {
    /*
     * Reading what is in flight at a member means reading one number per event loop, each written by another core, so
     * the number of members compared decides what a pick costs. The least of d random members is busier than average
     * with a probability of 1/2^d (Mitzenmacher 2001): past a dozen, more comparisons find next to nothing.
     *
     * A member with nothing in flight ends the comparison, since none can have less.
     */
    private static final int COMPARES_ALL = 32;
    private static final int COMPARED = 16;

    private final AtomicInteger start;

    LeastRequest(RandomSource random) {
        start = new AtomicInteger(random.below(1 << 16));
    }

    @Override
    public Picker pickerFor(List<Member> eligible) {
        Member[] members = eligible.toArray(Member[]::new);
        int limit = members.length > COMPARES_ALL ? COMPARED : members.length;
        return members.length == 0 ? pick -> null : pick -> least(members, limit, pick);
    }

    private @Nullable Member least(Member[] members, int limit, Pick pick) {
        int index = Integer.remainderUnsigned(start.getAndIncrement(), members.length);
        @Nullable Member best = null;
        long bestInFlight = 0;
        int compared = 0;
        for (int looked = 0; looked < members.length && compared < limit; looked++) {
            Member member = members[index];
            index = index + 1 < members.length ? index + 1 : 0;
            if (pick.excludes(member)) {
                continue;
            }
            long inFlight = member.inFlight();
            if (inFlight <= 0) {
                return member;
            }
            if (best == null || Load.lower(inFlight, member, bestInFlight, best)) {
                best = member;
                bestInFlight = inFlight;
            }
            compared++;
        }
        return best;
    }
}
