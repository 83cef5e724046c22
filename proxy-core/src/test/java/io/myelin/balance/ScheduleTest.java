package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void equalWeightsTakeOneTurnEach() {
        assertThat(Schedule.of(Members.weighing(7, 7, 7))).containsExactly(0, 1, 2);
    }

    @Test
    void aHeavyMemberDoesNotTakeItsTurnsInARow() {
        assertThat(Schedule.of(Members.weighing(5, 1, 1))).containsExactly(0, 0, 0, 1, 0, 0, 2);
    }

    @Test
    void aHeavyMemberAlternatesWithManyLightOnes() {
        int[] weights = new int[101];
        Arrays.fill(weights, 1);
        weights[0] = 100;

        int[] schedule = Schedule.of(Members.weighing(weights));

        for (int turn = 0; turn + 3 < schedule.length; turn++) {
            assertThat(Arrays.stream(schedule, turn, turn + 4)
                            .filter(member -> member == 0)
                            .count())
                    .as("turns of the heavy member out of four from turn %d on", turn)
                    .isBetween(1L, 3L);
        }
    }

    @Test
    void nobodyIsEverAWholeTurnAheadOrBehind() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            int[] weights = random.ints(1 + random.nextInt(30), 1, 1 + random.nextInt(120) + 1)
                    .toArray();
            assertFair(weights, Schedule.of(Members.weighing(weights)));
        }
    }

    private static void assertFair(int[] weights, int[] schedule) {
        double total = Arrays.stream(weights).sum();
        int[] taken = new int[weights.length];
        for (int turn = 0; turn < schedule.length; turn++) {
            taken[schedule[turn]]++;
            for (int member = 0; member < weights.length; member++) {
                double share = (turn + 1) * weights[member] / total;
                if (Math.abs(taken[member] - share) > 1 - 1e-9) {
                    throw new AssertionError(
                            "weights " + Arrays.toString(weights) + ": member " + member + " has taken " + taken[member]
                                    + " of " + (turn + 1) + " turns (expected: about " + share + ")");
                }
            }
        }
    }

    @Test
    void aWholeRoundHoldsExactShares() {
        int[] schedule = Schedule.of(Members.weighing(10, 20, 30));

        assertThat(schedule).hasSize(6);
        assertThat(turnsOf(schedule, 0)).isEqualTo(1);
        assertThat(turnsOf(schedule, 1)).isEqualTo(2);
        assertThat(turnsOf(schedule, 2)).isEqualTo(3);
    }

    @Test
    void aLargePoolHasAScaledScheduleThatMissesNobody() {
        int[] weights = new int[2_000];
        Arrays.setAll(weights, i -> i % 2 == 0 ? 256 : i % 20 == 1 ? 1 : 255);
        List<Member> members = Members.weighing(weights);

        int[] schedule = Schedule.of(members);

        assertThat(schedule.length).isBetween(2_000, 4_096 + 4 * 2_000 + 1_000);
        assertThat(Arrays.stream(schedule).distinct().count()).isEqualTo(2_000);
        assertThat(turnsOf(schedule, 0)).isGreaterThan(4);
        assertThat(turnsOf(schedule, 1)).isEqualTo(1);
    }

    private static long turnsOf(int[] schedule, int member) {
        return Arrays.stream(schedule).filter(turn -> turn == member).count();
    }
}
