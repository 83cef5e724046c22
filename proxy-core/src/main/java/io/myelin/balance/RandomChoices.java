package io.myelin.balance;

import io.myelin.model.RandomSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a few members at random, by weight, and takes the least loaded of them. */
final class RandomChoices implements Balancer {
    /*
     * The power of two choices (Mitzenmacher 2001): comparing two random members instead of taking one lowers the
     * largest load from log n / log log n to log log n, and needs no scan and no shared state.
     */
    private final int draws;
    private final RandomSource random;

    RandomChoices(int draws, RandomSource random) {
        this.draws = draws;
        this.random = random;
    }

    @Override
    public Picker pickerFor(List<Member> eligible) {
        if (eligible.isEmpty()) {
            return pick -> null;
        }
        Member[] members = eligible.toArray(Member[]::new);
        int[] schedule = Schedule.of(eligible);
        return pick -> draw(members, schedule, pick);
    }

    private @Nullable Member draw(Member[] members, int[] schedule, Pick pick) {
        @Nullable Member best = null;
        for (int draw = 0; draw < draws; draw++) {
            int start = random.below(schedule.length);
            @Nullable Member drawn = freeFrom(start, members, schedule, pick, best);
            if (drawn != null) {
                best = best == null ? drawn : Load.lower(best, drawn);
            }
        }
        return best;
    }

    /** Returns the first member from turn {@code start} on that is neither excluded nor already drawn. */
    private static @Nullable Member freeFrom(
            int start, Member[] members, int[] schedule, Pick pick, @Nullable Member drawn) {
        for (int offset = 0; offset < schedule.length; offset++) {
            int turn = start + offset;
            Member member = members[schedule[turn < schedule.length ? turn : turn - schedule.length]];
            if (member != drawn && !pick.excludes(member)) {
                return member;
            }
        }
        return null;
    }
}
