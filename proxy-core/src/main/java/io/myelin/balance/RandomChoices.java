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
        Draw draw = new Draw(eligible, random);
        return pick -> leastLoaded(draw, pick);
    }

    private @Nullable Member leastLoaded(Draw draw, Pick pick) {
        @Nullable Member best = null;
        for (int i = 0; i < draws; i++) {
            @Nullable Member drawn = draw.next(pick, best);
            if (drawn != null) {
                best = best == null ? drawn : Load.lower(best, drawn);
            }
        }
        return best;
    }
}
