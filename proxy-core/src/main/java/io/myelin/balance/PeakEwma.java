package io.myelin.balance;

import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws two members at random, by weight, and takes the one that promises the quicker answer. */
final class PeakEwma implements Balancer {
    private final RandomSource random;
    private final Clock clock;

    PeakEwma(RandomSource random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Picker pickerFor(List<Member> eligible) {
        if (eligible.isEmpty()) {
            return pick -> null;
        }
        Draw draw = new Draw(eligible, random);
        return new Picker() {
            @Override
            public @Nullable Member pick(Pick pick) {
                return quicker(draw, pick);
            }

            @Override
            public boolean learns() {
                return true;
            }
        };
    }

    private @Nullable Member quicker(Draw draw, Pick pick) {
        Member first = draw.next(pick, null);
        Member second = first == null ? null : draw.next(pick, first);
        if (first == null || second == null) {
            return first;
        }
        long now = clock.nanoTime();
        return cost(second, now) < cost(first, now) ? second : first;
    }

    /**
     * Returns what the next exchange would wait for at {@code member}: its latency once for itself and once for each
     * exchange in flight. Of a member never heard of, one exchange finds out.
     */
    private static double cost(Member member, long nowNanos) {
        double latency = member.latencyEstimate(nowNanos);
        long inFlight = Math.max(0, member.inFlight());
        if (latency < 0) {
            return inFlight == 0 ? 0 : Double.MAX_VALUE;
        }
        return latency * (inFlight + 1) / member.share();
    }
}
