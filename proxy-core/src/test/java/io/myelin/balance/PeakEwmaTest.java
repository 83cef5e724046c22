package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.myelin.testing.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {
    private final FakeClock clock = new FakeClock();
    private final List<Member> members = Members.equal(2);
    private final Member fast = members.get(0);
    private final Member slow = members.get(1);
    private final Picker picker = new PeakEwma(new Random(2)::nextInt, clock).pickerFor(members);

    @Test
    void takesTheMemberThatAnswersSooner() {
        answer(fast, 20);
        answer(slow, 90);

        assertThat(Members.picks(picker, 3)).isEqualTo("m0 m0 m0");
        Members.load(fast, 4);
        assertThat(Members.picks(picker, 2)).isEqualTo("m1 m1");
    }

    @Test
    void oneExchangeFindsOutAboutANewcomer() {
        answer(fast, 20);

        assertThat(Members.picks(picker, 1)).isEqualTo("m1");
        Members.load(slow, 1);
        assertThat(Members.picks(picker, 3)).isEqualTo("m0 m0 m0");
    }

    @Test
    void aPeakCountsAtOnceAndFadesWithTime() {
        answer(fast, 20);
        answer(fast, 200);
        assertThat(fast.latencyEstimate(clock.nanoTime())).isEqualTo(200e6);

        clock.advance(Duration.ofSeconds(10));
        assertThat(fast.latencyEstimate(clock.nanoTime())).isCloseTo(200e6 / Math.E, within(10.0));
        answer(fast, 20);
        assertThat(fast.latencyEstimate(clock.nanoTime())).isCloseTo(20e6 + 180e6 / Math.E, within(10.0));
    }

    @Test
    void theLoopWithTheWorstExperienceSpeaksForTheMember() {
        fast.onResponse(0, 5_000_000, clock.nanoTime());
        fast.onResponse(1, 70_000_000, clock.nanoTime());

        assertThat(fast.latencyEstimate(clock.nanoTime())).isEqualTo(70e6);
    }

    @Test
    void quickFailuresDoNotAttractTraffic() {
        Members.load(fast, 20);
        for (int i = 0; i < 30; i++) {
            answer(fast, 500);
            slow.onFailure(0, 1_000_000, clock.nanoTime());
        }

        assertThat(Members.picks(picker, 2)).isEqualTo("m0 m0");
    }

    @Test
    void aMemberThatFailsHalfItsRequestsIsAvoided() {
        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofMillis(10));
            answer(fast, 100);
            answer(slow, 1);
            slow.onFailure(0, 1_000_000, clock.nanoTime());
        }

        assertThat(slow.latencyEstimate(clock.nanoTime())).isBetween(8e9, 14e9);
        assertThat(Members.picks(picker, 2)).isEqualTo("m0 m0");
    }

    @Test
    void failuresAreForgottenAfterAnswers() {
        for (int i = 0; i < 30; i++) {
            fast.onFailure(0, 1_000_000, clock.nanoTime());
        }
        assertThat(fast.latencyEstimate(clock.nanoTime())).isGreaterThan(100e9);
        for (int i = 0; i < 200; i++) {
            answer(fast, 1);
        }
        assertThat(fast.latencyEstimate(clock.nanoTime())).isCloseTo(1e6, within(1e5));
    }

    @Test
    void aMemberThatOnlyEverFailedIsAvoided() {
        answer(fast, 4_000);
        slow.onFailure(0, 0, clock.nanoTime());

        assertThat(Members.picks(picker, 2)).isEqualTo("m0 m0");
    }

    @Test
    void oneFailureCountsLikeAnAnswerSomewhatSlower() {
        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofMillis(10));
            answer(fast, 100);
        }
        fast.onFailure(0, 0, clock.nanoTime());

        assertThat(fast.latencyEstimate(clock.nanoTime())).isBetween(400e6, 500e6);
    }

    @Test
    void aHeavierMemberMayCarryMore() {
        List<Member> weighted = Members.weighing(1, 3);
        Picker byWeight = new PeakEwma(new Random(2)::nextInt, clock).pickerFor(weighted);
        weighted.forEach(member -> answer(member, 10));
        Members.load(weighted.get(1), 1);

        assertThat(Members.picks(byWeight, 2)).isEqualTo("m1 m1");
        Members.load(weighted.get(1), 2);
        assertThat(Members.picks(byWeight, 2)).isEqualTo("m0 m0");
    }

    private void answer(Member member, long millis) {
        member.onResponse(0, millis * 1_000_000, clock.nanoTime());
    }
}
