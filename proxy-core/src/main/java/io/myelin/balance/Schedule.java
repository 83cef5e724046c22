package io.myelin.balance;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;

/** The order in which weighted members take turns: each as often as its weight says, spread as evenly as can be. */
final class Schedule {
    /*
     * A member of weight w claims w turns out of S, the sum of all weights. Its claim k, counted from 0, may be met in
     * turn kS/w rounded down at the earliest, and before turn (k+1)S/w rounded up. Taking the claim with the earliest
     * deadline among those that may be met meets them all (Baruah, Cohen, Plaxton and Varvel 1996, for one resource),
     * which means that after any number of turns no member is a whole turn ahead of its share, or behind it.
     *
     * Weights are divided by their greatest common divisor first, and scaled down when S would pass the limit, so that
     * a fold of a large pool stays cheap; no member falls below one turn.
     */
    private static final int LIMIT_PER_MEMBER = 4;
    private static final int LIMIT_FLOOR = 4_096;
    private static final int INDEX_BITS = 24;

    private Schedule() {}

    /** Returns indexes into {@code members}, one per turn, by what each may take now. */
    static int[] of(List<Member> members) {
        return of(members, Member::share);
    }

    /** Returns indexes into {@code members}, one per turn, by {@code weight}. */
    static int[] of(List<Member> members, ToIntFunction<Member> weight) {
        int[] weights = turns(members.stream().mapToInt(weight).toArray());
        int[] schedule = new int[Arrays.stream(weights).sum()];
        if (schedule.length == weights.length) {
            Arrays.setAll(schedule, turn -> turn);
        } else {
            fill(schedule, weights);
        }
        return schedule;
    }

    private static void fill(int[] schedule, int[] weights) {
        long total = schedule.length;
        int[] met = new int[weights.length];
        PriorityQueue<Long> waiting = new PriorityQueue<>();
        PriorityQueue<Long> ready = new PriorityQueue<>();
        for (int member = 0; member < weights.length; member++) {
            waiting.add(event(0, member));
        }
        for (int turn = 0; turn < total; turn++) {
            while (!waiting.isEmpty() && turnOf(waiting.peek()) <= turn) {
                int member = memberOf(waiting.remove());
                ready.add(event(-Math.floorDiv(-(met[member] + 1) * total, weights[member]), member));
            }
            int member = memberOf(ready.remove());
            schedule[turn] = member;
            met[member]++;
            if (met[member] < weights[member]) {
                waiting.add(event(met[member] * total / weights[member], member));
            }
        }
    }

    /** Returns a number that sorts by turn first and by member second. */
    private static long event(long turn, int member) {
        return turn << INDEX_BITS | member;
    }

    private static long turnOf(long event) {
        return event >> INDEX_BITS;
    }

    private static int memberOf(long event) {
        return (int) (event & ((1 << INDEX_BITS) - 1));
    }

    private static int[] turns(int[] weights) {
        int divisor = Arrays.stream(weights).reduce(0, Schedule::greatestCommonDivisor);
        long sum = Arrays.stream(weights).asLongStream().sum() / divisor;
        long limit = LIMIT_FLOOR + (long) LIMIT_PER_MEMBER * weights.length;
        double scale = sum <= limit ? 1.0 / divisor : (double) limit / sum / divisor;
        return Arrays.stream(weights)
                .map(weight -> Math.max(1, (int) Math.round(weight * scale)))
                .toArray();
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
