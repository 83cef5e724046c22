package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void looksAtABoundedPartOfALargePool() {
        List<Member> members = Members.equal(200);
        members.forEach(member -> Members.load(member, 1));
        Members.load(members.get(130), -1);
        Picker picker = balancer.pickerFor(members);

        assertThat(Members.picks(picker, 4)).isEqualTo("m0 m1 m2 m130");
    }
}
