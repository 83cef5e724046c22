package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.myelin.model.RandomSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RoundRobinTest {
    private static final RandomSource FROM_THE_START = bound -> 0;

    private final RoundRobin balancer = new RoundRobin(FROM_THE_START);

    @Test
    void takesMembersInTurn() {
        Picker picker = balancer.pickerFor(Members.equal(3));

        assertThat(Members.picks(picker, 7)).isEqualTo("m0 m1 m2 m0 m1 m2 m0");
    }

    @Test
    void takesMembersAsOftenAsTheyWeigh() {
        Picker picker = balancer.pickerFor(Members.weighing(5, 1, 1));

        assertThat(Members.picks(picker, 14)).isEqualTo("m0 m0 m0 m1 m0 m0 m2 m0 m0 m0 m1 m0 m0 m2");
    }

    @Test
    void passesOverWhatIsExcluded() {
        List<Member> members = Members.equal(3);
        Picker picker = balancer.pickerFor(members);

        assertThat(Members.picks(picker, member -> member == members.get(1), 4)).isEqualTo("m0 m2 m0 m2");
    }

    @Test
    void hasNothingToOfferWhenAllAreExcluded() {
        assertThat(balancer.pickerFor(Members.weighing(3, 1)).pick(member -> true))
                .isNull();
    }

    @Test
    void anEmptyPoolHasNothingToOffer() {
        assertThat(balancer.pickerFor(List.of()).pick(Pick.ANY)).isNull();
    }

    @Test
    void theTurnSurvivesANewSnapshot() {
        List<Member> members = Members.equal(4);
        Members.picks(balancer.pickerFor(members), 2);

        assertThat(Members.picks(balancer.pickerFor(members), 3)).isEqualTo("m2 m3 m0");
    }

    @Test
    @Timeout(10)
    void loopsThatPickAtTheSameTimeShareTheTurn() {
        Picker picker = balancer.pickerFor(Members.equal(3));
        List<CompletableFuture<Map<String, Integer>>> loops = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> countPicks(picker, 30_000)))
                .limit(2)
                .toList();
        Map<String, Integer> total = new HashMap<>();
        loops.forEach(loop -> loop.join().forEach((name, picks) -> total.merge(name, picks, Integer::sum)));

        assertThat(total).containsOnly(entry("m0", 20_000), entry("m1", 20_000), entry("m2", 20_000));
    }

    private static Map<String, Integer> countPicks(Picker picker, int count) {
        Map<String, Integer> picks = new HashMap<>();
        for (int i = 0; i < count; i++) {
            picks.merge(Members.picks(picker, 1), 1, Integer::sum);
        }
        return picks;
    }

    @Test
    void startsAtARandomTurn() {
        RoundRobin elsewhere = new RoundRobin(bound -> Math.min(5, bound - 1));

        assertThat(Members.picks(elsewhere.pickerFor(Members.equal(3)), 3)).isEqualTo("m2 m0 m1");
    }
}
