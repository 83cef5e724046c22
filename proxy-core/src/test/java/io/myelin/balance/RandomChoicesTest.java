package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.RandomSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RandomChoicesTest {
    @Test
    void takesTheLessLoadedOfTwoDrawn() {
        List<Member> members = Members.equal(4);
        Members.load(members.get(1), 5);
        Members.load(members.get(2), 3);

        assertThat(Members.picks(drawing(2, members, 1, 2), 1)).isEqualTo("m2");
        assertThat(Members.picks(drawing(2, members, 2, 1), 1)).isEqualTo("m2");
    }

    @Test
    void aMemberDrawnTwiceGivesWayToItsNeighbour() {
        List<Member> members = Members.equal(3);
        Members.load(members.get(1), 5);

        assertThat(Members.picks(drawing(2, members, 1, 1), 1)).isEqualTo("m2");
    }

    @Test
    void oneDrawIsFinal() {
        List<Member> members = Members.equal(3);
        Members.load(members.get(1), 5);

        assertThat(Members.picks(drawing(1, members, 1), 1)).isEqualTo("m1");
    }

    @Test
    void passesOverWhatIsExcludedUntilNothingIsLeft() {
        List<Member> members = Members.weighing(3, 1, 2);
        Picker picker = new RandomChoices(2, new Random(1)::nextInt).pickerFor(members);

        assertThat(Members.picks(picker, member -> member != members.get(1), 5)).isEqualTo("m1 m1 m1 m1 m1");
        assertThat(picker.pick(member -> true)).isNull();
    }

    @Test
    void aSingleMemberIsTaken() {
        assertThat(Members.picks(new RandomChoices(2, bound -> 0).pickerFor(Members.equal(1)), 2))
                .isEqualTo("m0 m0");
    }

    @Test
    void anEmptyPoolHasNothingToOffer() {
        assertThat(new RandomChoices(2, bound -> 0).pickerFor(List.of()).pick(Pick.ANY))
                .isNull();
    }

    @Test
    void oneDrawFollowsTheWeights() {
        Picker picker = new RandomChoices(1, new Random(1)::nextInt).pickerFor(Members.weighing(1, 3));
        Map<String, Integer> picks = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            picks.merge(Members.picks(picker, 1), 1, Integer::sum);
        }

        assertThat(picks.get("m1")).isBetween(7_300, 7_700);
    }

    /** Returns a picker whose draws land where {@code turns} say. */
    private static Picker drawing(int draws, List<Member> members, int... turns) {
        AtomicInteger next = new AtomicInteger();
        RandomSource scripted = bound -> turns[next.getAndIncrement()];
        return new RandomChoices(draws, scripted).pickerFor(members);
    }
}
