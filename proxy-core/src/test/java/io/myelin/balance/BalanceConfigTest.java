package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.model.Clock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BalanceConfigTest {
    @ParameterizedTest
    @EnumSource(Policy.class)
    void everyPolicyTakesAnEligibleMemberAndSaysSoWhenThereIsNone(Policy policy) {
        Balancer balancer = new BalanceConfig(policy, 2).newBalancer(bound -> 0, Clock.SYSTEM);

        assertThat(Members.picks(balancer.pickerFor(Members.equal(1)), 2)).isEqualTo("m0 m0");
        assertThat(balancer.pickerFor(Members.equal(3)).pick(member -> true)).isNull();
        assertThat(balancer.pickerFor(List.of()).pick(Pick.ANY)).isNull();
    }

    @Test
    void firstTakesTheFirstThatIsNotExcluded() {
        List<Member> members = Members.equal(3);
        Picker picker = new First().pickerFor(members);

        assertThat(Members.picks(picker, 3)).isEqualTo("m0 m0 m0");
        assertThat(Members.picks(picker, member -> member == members.get(0), 2)).isEqualTo("m1 m1");
    }

    @Test
    void aHeaderKeyNeedsAName() {
        assertThatThrownBy(() -> new HashConfig(KeySource.HEADER, "", Layout.CONSISTENT, 0))
                .hasMessage("hash key name: '' (expected: the name of the HEADER)");
        assertThatThrownBy(() -> new HashConfig(KeySource.SOURCE, "x", Layout.CONSISTENT, 0))
                .hasMessage("hash key name: 'x' (expected: none for SOURCE)");
    }

    @Test
    void aBalanceFactorBelowTheAverageIsRefused() {
        assertThatThrownBy(() -> new HashConfig(KeySource.SOURCE, "", Layout.CONSISTENT, 99))
                .hasMessage("hash_balance_factor: 99 (expected: 0 or 100..65535)");
    }

    @Test
    void aKeyHashesAlikeAsTextAndAsBytes() {
        byte[] bytes = "x user=é?".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(KeyHash.of(bytes, 2, bytes.length)).isEqualTo(KeyHash.of("user=é?"));
        assertThat(KeyHash.of("a")).isNotEqualTo(KeyHash.of("b"));
    }
}
