package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberTest {
    private final Member member = new Member(Endpoint.of("a", "10.0.0.1", 80), 1, 3);

    @Test
    void sumsItsCountersOverTheLoops() {
        member.load(0).counters().increment(MemberCounter.REQUESTS);
        member.load(2).counters().add(MemberCounter.REQUESTS, 4);
        member.load(2).counters().increment(MemberCounter.REUSES);

        assertThat(member.total(MemberCounter.REQUESTS)).isEqualTo(5);
        assertThat(member.total(MemberCounter.REUSES)).isEqualTo(1);
        assertThat(member.total(MemberCounter.FAILURES)).isZero();
    }

    @Test
    void aLoopAlwaysGetsTheSameRow() {
        assertThat(member.load(1)).isSameAs(member.load(1)).isNotSameAs(member.load(0));
    }

    @Test
    void sumsItsLatencyOverTheLoops() {
        member.load(0).latency().record(1_000_000);
        member.load(1).latency().record(9_000_000);

        assertThat(member.latency().getTotalCount()).isEqualTo(2);
        assertThat(member.latency().getMaxValue()).isBetween(8_500L, 9_500L);
    }

    @ParameterizedTest
    @CsvSource({
        "1, READY, UNKNOWN, true",
        "1, READY, PASSING, true",
        "1, READY, FAILING, false",
        "1, DRAIN, PASSING, false",
        "0, READY, PASSING, false",
    })
    void isEligibleIfNothingSpeaksAgainstIt(int weight, AdminState wish, State state, boolean eligible) {
        member.describe(member.endpoint(), weight);
        member.rest(wish);
        member.judge(new HealthVerdict(state, "a test", 0));

        assertThat(member.eligible()).isEqualTo(eligible);
    }

    @ParameterizedTest
    @CsvSource({
        "100, RESPONSES_1XX",
        "204, RESPONSES_2XX",
        "304, RESPONSES_3XX",
        "499, RESPONSES_4XX",
        "503, RESPONSES_5XX",
        "999, RESPONSES_5XX"
    })
    void everyStatusHasACounter(int status, MemberCounter counter) {
        assertThat(MemberCounter.ofStatus(status)).isEqualTo(counter);
    }
}
