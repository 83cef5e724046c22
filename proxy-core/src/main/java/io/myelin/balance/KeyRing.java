package io.myelin.balance;

import java.util.Arrays;
import java.util.List;

/**
 * A circle on which every member has points, and a key belongs to the next point after its own.
 *
 * @param points where the points are, in order
 * @param turns the index of the member that has each point
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyRing(int[] points, int[] turns) implements KeyTable {
    /*
     * Consistent hashing (Karger et al. 1997). A member's points depend on its identity and weight only, so that a
     * member that leaves takes its keys along to its neighbours and no other key moves. The heaviest member has 512 to
     * 1,023 points, which keeps shares within some five per cent of the weights. The points per unit of weight are a
     * power of two, so that they change only when the heaviest weight passes one.
     *
     * A point is sorted by its place, and by member where two fall together: place and member share one long.
     */
    private static final int LEAST_POINTS = 512;

    static KeyRing of(List<Member> members) {
        int perWeight = pointsPerWeight(members);
        long[] sorted = new long
                [members.stream()
                        .mapToInt(member -> member.weight() * perWeight)
                        .sum()];
        int next = 0;
        for (int index = 0; index < members.size(); index++) {
            long identity = KeyHash.wide(members.get(index).id().value());
            int count = members.get(index).weight() * perWeight;
            for (int point = 0; point < count; point++) {
                long place = KeyHash.spread(identity + point * 0x9e3779b97f4a7c15L);
                sorted[next++] = (place & 0xffffffff00000000L) | index;
            }
        }
        Arrays.sort(sorted);
        return new KeyRing(
                Arrays.stream(sorted).mapToInt(point -> (int) (point >> 32)).toArray(),
                Arrays.stream(sorted).mapToInt(point -> (int) point).toArray());
    }

    @Override
    public int turn(int key) {
        int place = (int) KeyHash.spread(key);
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points[middle] < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < points.length ? low : 0;
    }

    private static int pointsPerWeight(List<Member> members) {
        int heaviest = members.stream().mapToInt(Member::weight).max().orElse(1);
        return LEAST_POINTS / Integer.highestOneBit(heaviest);
    }
}
