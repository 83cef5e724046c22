package io.myelin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.health.CheckReport;
import io.myelin.health.CheckReport.Tally;
import io.myelin.health.CheckStatus;
import io.myelin.model.Endpoint;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerStatusTest {
    private final Member member = new Member(Endpoint.of("a", "10.0.0.1", 80), 1, 1);

    @ParameterizedTest
    @CsvSource({
        "PASSING, UP, UP",
        "PASSING, UP 1/2, UP 1/2",
        "FAILING, DOWN, DOWN",
        "FAILING, DOWN 1/2, DOWN 1/2",
        // The report is ahead of the verdict, which decides about traffic.
        "PASSING, DOWN, UP",
        "FAILING, UP, DOWN"
    })
    void aCheckedMemberIsAsItsChecksSay(State state, String progress, String word) {
        HealthVerdict verdict = new HealthVerdict(state, "any", 1);
        member.judge(verdict);
        CheckReport report = new CheckReport(progress, CheckStatus.L4OK, 0, 1, verdict, new Tally(2, 2, 3, 0, 0, 0, 0));

        assertThat(ServerStatus.of(member, true, report, 2)).isEqualTo(word);
    }

    @Test
    void beforeItsFirstCheckAMemberIsOneFailureFromDown() {
        assertThat(ServerStatus.of(member, true, null, 3)).isEqualTo("UP 1/3");
        assertThat(ServerStatus.of(member, true, null, 1)).isEqualTo("UP");
    }

    @Test
    void aMemberThatNobodyChecksIsNotSaidToBeUp() {
        assertThat(ServerStatus.of(member, false, null, 1)).isEqualTo("no check");
    }

    @Test
    void aMemberThatRestsSaysSoAndOneThatWeighsNothingDoesNot() {
        member.describe(member.endpoint(), 0);
        assertThat(ServerStatus.of(member, true, null, 1)).isEqualTo("UP");
        member.rest(AdminState.DRAIN);
        assertThat(ServerStatus.of(member, false, null, 1)).isEqualTo("DRAIN");
        assertThat(ServerStatus.of(member, true, null, 2)).isEqualTo("DRAIN 1/2");
        member.rest(AdminState.MAINT);
        assertThat(ServerStatus.of(member, true, null, 2)).isEqualTo("MAINT");
    }

    @ParameterizedTest
    @EnumSource(CheckStatus.class)
    void everyEndOfACheckHasASentence(CheckStatus status) {
        assertThat(ServerStatus.describe(status)).matches("Layer[467] .+|Socket error|Health analyze");
    }
}
