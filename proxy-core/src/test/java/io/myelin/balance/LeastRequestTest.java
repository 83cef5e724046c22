package io.myelin.balance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeastRequestTest {
    private final LeastRequest balancer = new LeastRequest(bound -> 0);

    @Test
    void takesTheMemberWithTheFewestInFlight() {
        List<Member> members = Members.equal(3);
        Members.load(members.get(0), 2);
        Members.load(members.get(1), 1);
        Members.load(members.get(2), 3);

        assertThat(Members.picks(balancer.pickerFor(members), 3)).isEqualTo("m1 m1 m1");
    }

    @Test
    void countsInFlightOnEveryLoop() {
        List<Member> members = Members.equal(2);
        Members.load(members.get(0), 1);
        members.get(1).load(1).counters().add(MemberCounter.IN_FLIGHT, 2);

        assertThat(Members.picks(balancer.pickerFor(members), 2)).isEqualTo("m0 m0");
    }

    @Test
    void aHeavierMemberMayCarryMore() {
        List<Member> members = Members.weighing(1, 4);
        Members.load(members.get(0), 1);
        Members.load(members.get(1), 3);
        Picker picker = balancer.pickerFor(members);

        assertThat(Members.picks(picker, 2)).isEqualTo("m1 m1");
        Members.load(members.get(1), 2);
        assertThat(Members.picks(picker, 2)).isEqualTo("m0 m0");
    }

    @Test
    void equallyLoadedMembersTakeTurns() {
        assertThat(Members.picks(balancer.pickerFor(Members.equal(3)), 6)).isEqualTo("m0 m1 m2 m0 m1 m2");
    }

    @Test
    void passesOverWhatIsExcluded() {
        List<Member> members = Members.equal(2);
        Members.load(members.get(1), 9);
        Picker picker = balancer.pickerFor(members);

        assertThat(Members.picks(picker, member -> member == members.get(0), 2)).isEqualTo("m1 m1");
        assertThat(picker.pick(member -> true)).isNull();
    }

    @Test
    void anEmptyPoolHasNothingToOffer() {
        assertThat(balancer.pickerFor(List.of()).pick(Pick.ANY)).isNull();
    }

    @Test
    void comparesEveryMemberOfASmallPool() {
        List<Member> members = Members.equal(32);
        members.forEach(member -> Members.load(member, 2));
        Members.load(members.get(31), -1);

        assertThat(Members.picks(balancer.pickerFor(members), 3)).isEqualTo("m31 m31 m31");
    }

    @Test
    void looksAtABoundedPartOfALargePool() {
        List<Member> members = Members.equal(200);
        members.forEach(member -> Members.load(member, 2));
        Members.load(members.get(18), -1);
        Picker picker = balancer.pickerFor(members);

        assertThat(Members.picks(picker, 5)).isEqualTo("m0 m1 m2 m18 m18");
    }

    @Test
    void looksPastWhatIsExcludedInALargePool() {
        List<Member> members = Members.equal(200);

        assertThat(Members.picks(balancer.pickerFor(members), member -> member != members.get(150), 1))
                .isEqualTo("m150");
    }

    @Test
    void keepsALargePoolLevelAroundASlowMember() {
        List<Member> members = Members.equal(300);
        Picker picker = balancer.pickerFor(members);
        Random random = new Random(3);
        List<Member> running = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            Member taken = requireNonNull(picker.pick(Pick.ANY));
            Members.load(taken, 1);
            running.add(taken);
            if (running.size() > 1_500) {
                finishOne(running, members.get(7), random);
            }
        }

        assertThat(members)
                .extracting(Member::inFlight)
                .allSatisfy(inFlight -> assertThat(inFlight).isBetween(2L, 8L));
    }

    /** Ends any exchange except those of {@code stuck}. */
    private static void finishOne(List<Member> running, Member stuck, Random random) {
        int index = random.nextInt(running.size());
        while (running.get(index) == stuck) {
            index = random.nextInt(running.size());
        }
        Members.load(running.get(index), -1);
        running.set(index, running.get(running.size() - 1));
        running.remove(running.size() - 1);
    }
}
