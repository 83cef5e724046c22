package io.myelin.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AccessCondition.Kind;
import io.myelin.access.AccessCondition.Term;
import io.myelin.access.AccessRules.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private static final Duration DELAY = Duration.ofMillis(250);
    private static final AddressRange INSIDE = Objects.requireNonNull(AddressRange.parse("10.0.0.0/8"));

    @Test
    void theFirstRuleThatAppliesDecides() throws UnknownHostException {
        AccessRules rules = rules(Duration.ZERO, accept(from(INSIDE)), reject(AccessCondition.ALWAYS));

        assertThat(rules.judge(address("10.1.1.1"), false)).isEqualTo(Verdict.ACCEPT);
        assertThat(rules.judge(address("11.1.1.1"), false)).isEqualTo(Verdict.REJECT);
        assertThat(rules.judge(null, false)).isEqualTo(Verdict.REJECT);
    }

    @Test
    void aClientToWhomNoRuleAppliesIsLetIn() throws UnknownHostException {
        assertThat(rules(Duration.ZERO, reject(from(INSIDE))).judge(address("11.1.1.1"), false))
                .isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void aNegatedTermHoldsForTheOthers() throws UnknownHostException {
        AccessRules rules = rules(
                Duration.ZERO,
                reject(new AccessCondition(List.of(List.of(new Term(Kind.SOURCE, true, List.of(INSIDE)))))));

        assertThat(rules.judge(address("10.1.1.1"), false)).isEqualTo(Verdict.ACCEPT);
        assertThat(rules.judge(address("11.1.1.1"), false)).isEqualTo(Verdict.REJECT);
        assertThat(rules.judge(null, false)).isEqualTo(Verdict.REJECT);
    }

    @Test
    void whoMeetsTheDelayWaitsOnce() throws UnknownHostException {
        AccessRules rules = rules(DELAY, accept(AccessCondition.afterDelay()));

        assertThat(rules.judge(address("10.1.1.1"), false)).isEqualTo(Verdict.WAIT);
        assertThat(rules.judge(address("10.1.1.1"), true)).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void aTermThatDoesNotHoldSparesTheDelay() throws UnknownHostException {
        AccessCondition fromInsideAfterDelay = new AccessCondition(List.of(
                List.of(new Term(Kind.DELAY_OVER, false, List.of()), new Term(Kind.SOURCE, false, List.of(INSIDE)))));
        AccessRules rules = rules(DELAY, accept(fromInsideAfterDelay));

        assertThat(rules.judge(address("11.1.1.1"), false)).isEqualTo(Verdict.ACCEPT);
        assertThat(rules.judge(address("10.1.1.1"), false)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void anAlternativeThatHoldsSparesTheDelay() throws UnknownHostException {
        AccessCondition either = new AccessCondition(List.of(
                List.of(new Term(Kind.DELAY_OVER, false, List.of())),
                List.of(new Term(Kind.SOURCE, false, List.of(INSIDE)))));

        assertThat(rules(DELAY, reject(either)).judge(address("10.1.1.1"), false))
                .isEqualTo(Verdict.REJECT);
    }

    @Test
    void withoutADelayItIsOverFromTheStart() throws UnknownHostException {
        assertThat(rules(Duration.ZERO, reject(AccessCondition.afterDelay())).judge(address("10.1.1.1"), false))
                .isEqualTo(Verdict.REJECT);
    }

    @Test
    void anInspectionWaitsForEveryStage() throws UnknownHostException {
        AccessRules first = rules(DELAY, accept(AccessCondition.afterDelay()));
        AccessRules second = rules(DELAY.multipliedBy(2), reject(AccessCondition.afterDelay()));
        Inspection inspection = new Inspection(List.of(first, second), address("10.1.1.1"));

        assertThat(inspection.proceed()).isEqualTo(Verdict.WAIT);
        assertThat(inspection.waitNanos()).isEqualTo(DELAY.toNanos());
        assertThat(inspection.proceed()).isEqualTo(Verdict.WAIT);
        assertThat(inspection.waitNanos()).isEqualTo(2 * DELAY.toNanos());
        assertThat(inspection.proceed()).isEqualTo(Verdict.REJECT);
    }

    private static AccessRules rules(Duration delay, AccessRule... rules) {
        return new AccessRules(List.of(rules), delay);
    }

    private static AccessRule accept(AccessCondition when) {
        return new AccessRule(true, when);
    }

    private static AccessRule reject(AccessCondition when) {
        return new AccessRule(false, when);
    }

    private static AccessCondition from(AddressRange range) {
        return AccessCondition.from(List.of(range));
    }

    private static @Nullable InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }
}
