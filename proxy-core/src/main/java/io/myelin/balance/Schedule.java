package io.myelin.balance;

import java.util.Arrays;
import java.util.List;

/** The order in which weighted members take turns: each as often as its weight says, spread as evenly as can be. */
final class Schedule {
    /*
     * A member of weight w claims w turns out of S, the sum of all weights, ideally at the moments (k + 1/2) / w for
     * k = 0..w-1. Sorting all claims by moment gives the earliest-deadline-first order, in which no member is ever a
     * whole turn ahead of its share. Weights are divided by their greatest common divisor first, and scaled down when
     * S would pass the limit, so that a fold of a large pool stays cheap; no member falls below one turn.
     */
    private static final int LIMIT_PER_MEMBER = 4;
    private static final int LIMIT_FLOOR = 4_096;
    private static final int INDEX_BITS = 24;

    private Schedule() {}

    /** Returns indexes into {@code members}, one per turn. */
    static int[] of(List<Member> members) {
        int[] weights = turns(members);
        int total = Arrays.stream(weights).sum();
        int[] schedule = new int[total];
        if (total == weights.length) {
            Arrays.setAll(schedule, turn -> turn);
            return schedule;
        }
        long[] claims = new long[total];
        int next = 0;
        for (int member = 0; member < weights.length; member++) {
            for (int k = 0; k < weights[member]; k++) {
                double moment = (k + 0.5) / weights[member];
                claims[next++] = ((long) (moment * (1L << 38)) << INDEX_BITS) | member;
            }
        }
        Arrays.sort(claims);
        Arrays.setAll(schedule, turn -> (int) (claims[turn] & ((1 << INDEX_BITS) - 1)));
        return schedule;
    }

    private static int[] turns(List<Member> members) {
        int[] weights = members.stream().mapToInt(Member::weight).toArray();
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
