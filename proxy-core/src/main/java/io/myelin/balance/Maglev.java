package io.myelin.balance;

import java.util.Arrays;
import java.util.List;

/** Fills a table in which members have turns by weight, and few of those that stay change when one comes or goes. */
final class Maglev {
    /*
     * Maglev hashing (Eisenbud et al. 2016). Every member prefers the turns of the table in an order of its own: from
     * an offset in steps of a skip, both hashes of its identity, which reaches every turn because the table's length
     * is prime. Members claim by turns the one they like best of those still free; one of half the largest weight
     * claims in every other round. With a hundred turns per member no share is off by more than a per cent or so.
     */
    private static final int LENGTH = 65_537;
    private static final int LARGE_LENGTH = 655_373;
    private static final int TURNS_PER_MEMBER = 100;

    private Maglev() {}

    /** Returns for each turn the index of the member that has it. */
    static int[] turns(List<Member> members) {
        int length = members.size() * TURNS_PER_MEMBER <= LENGTH ? LENGTH : LARGE_LENGTH;
        long[] next = new long[members.size()];
        long[] skip = new long[members.size()];
        int[] weights = members.stream().mapToInt(Member::weight).toArray();
        for (int i = 0; i < next.length; i++) {
            long identity = KeyHash.wide(members.get(i).id().value());
            next[i] = (identity >>> 32) % length;
            skip[i] = (identity & 0xffffffffL) % (length - 1) + 1;
        }
        return fill(length, weights, next, skip);
    }

    private static int[] fill(int length, int[] weights, long[] next, long[] skip) {
        int[] turns = new int[length];
        Arrays.fill(turns, -1);
        int largest = Arrays.stream(weights).max().orElse(1);
        int[] credit = new int[weights.length];
        int filled = 0;
        while (true) {
            for (int member = 0; member < weights.length; member++) {
                credit[member] += weights[member];
                if (credit[member] < largest) {
                    continue;
                }
                credit[member] -= largest;
                while (turns[(int) next[member]] >= 0) {
                    next[member] = (next[member] + skip[member]) % length;
                }
                turns[(int) next[member]] = member;
                if (++filled == length) {
                    return turns;
                }
            }
        }
    }
}
