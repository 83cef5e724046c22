package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.Pick;
import io.myelin.failure.Failure;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.SourceStatus;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint C = Endpoint.of("c", "10.0.0.3", 80);
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);
    private static final HealthVerdict PASSING = new HealthVerdict(State.PASSING, "connected in 0 ms", 6);

    private final QueuedExecutor control = new QueuedExecutor();
    private final FakeClock clock = new FakeClock();
    private final Pool pool = newPool(PoolConfig.named("web"));

    // Content.

    @Test
    void beginsWithItsDefaults() {
        PoolSnapshot snapshot = newPool(withRules(List.of(A), true, false)).snapshot();

        assertThat(snapshot.version()).isEqualTo(1);
        assertThat(snapshot.cause()).isEqualTo("configured");
        assertThat(snapshot.atMillis()).isEqualTo(clock.wallMillis());
        assertThat(names(snapshot.members())).containsExactly("a");
        assertThat(names(snapshot.eligible())).containsExactly("a");
    }

    @Test
    void defaultsMoveToTheAddressesOfTheirNames() {
        Endpoint named = Endpoint.of("n", "web.test", 80);
        Pool resolving = newPool(withRules(List.of(named), false, true));

        resolving.resolve(Map.of("web.test", List.of("10.0.0.7", "10.0.0.8")));
        control.runAll();
        assertThat(addresses(resolving)).containsExactly("10.0.0.7:80", "10.0.0.8:80");
        assertThat(resolving.snapshot().cause()).isEqualTo("default servers resolved");

        resolving.reconfigure(withRules(List.of(named.withPort(81)), false, true));
        control.runAll();
        assertThat(addresses(resolving)).containsExactly("10.0.0.7:81", "10.0.0.8:81");

        resolving.replace(new EndpointSet("web", List.of(A), "a test"));
        resolving.resolve(Map.of("web.test", List.of("10.0.0.9")));
        control.runAll();
        assertThat(addresses(resolving)).containsExactly("10.0.0.1:80");

        resolving.replace(new EndpointSet("web", List.of(), "a test"));
        control.runAll();
        assertThat(addresses(resolving)).containsExactly("10.0.0.9:81");

        resolving.resolve(Map.of());
        control.runAll();
        assertThat(addresses(resolving)).containsExactly("web.test:81");
    }

    @Test
    void servesWhatIsDelivered() {
        clock.advance(Duration.ofSeconds(3));
        deliver(A, B);

        assertThat(pool.snapshot().version()).isEqualTo(2);
        assertThat(pool.snapshot().cause()).isEqualTo("a test");
        assertThat(pool.snapshot().atMillis()).isEqualTo(clock.wallMillis());
        assertThat(names(pool.snapshot().eligible())).containsExactly("a", "b");
    }

    @Test
    void nothingHappensBeforeTheControlThreadRuns() {
        pool.replace(new EndpointSet("web", List.of(A), "a test"));

        assertThat(pool.snapshot().version()).isEqualTo(1);
    }

    @Test
    void aSnapshotInHandOutlivesTheNextEvent() {
        deliver(A);
        PoolSnapshot before = pool.snapshot();
        deliver(B);

        assertThat(before.picker().pick(Pick.ANY)).isSameAs(before.members().get(0));
        assertThat(names(before.members())).containsExactly("a");
        assertThat(names(pool.snapshot().members())).containsExactly("b");
    }

    @Test
    void reportsThatArriveTogetherBecomeOneSnapshot() {
        pool.replace(new EndpointSet("web", List.of(A), "first"));
        pool.replace(new EndpointSet("web", List.of(A, B, C), "second"));
        pool.rest(C.id(), AdminState.DRAIN);
        control.runAll();

        assertThat(pool.snapshot().version()).isEqualTo(2);
        assertThat(pool.snapshot().cause()).isEqualTo("first; second");
        assertThat(names(pool.snapshot().members())).containsExactly("a", "b", "c");
        assertThat(names(pool.snapshot().eligible())).containsExactly("a", "b");
    }

    @Test
    void anEqualSetIsNoEvent() {
        deliver(A, B);
        PoolSnapshot before = pool.snapshot();
        deliver(A, B);

        assertThat(pool.snapshot()).isSameAs(before);
    }

    @Test
    void anotherOrderIsNoEvent() {
        deliver(A, B);
        PoolSnapshot before = pool.snapshot();
        deliver(B, A);

        assertThat(pool.snapshot()).isSameAs(before);
    }

    @Test
    void anEmptyDeliveryKeepsThePreviousSnapshot() {
        deliver(A, B);
        PoolSnapshot before = pool.snapshot();
        deliver();

        assertThat(pool.snapshot()).isSameAs(before);
    }

    @Test
    void anEmptyDeliveryEmptiesAPoolThatIsToldSo() {
        Pool emptying = newPool(withRules(List.of(), false, false));
        deliver(emptying, A);
        deliver(emptying);

        assertThat(emptying.snapshot().members()).isEmpty();
        assertThat(emptying.snapshot().picker().pick(Pick.ANY)).isNull();
    }

    @Test
    void anEmptyDeliveryBringsTheDefaultsBack() {
        Pool defaulting = newPool(withRules(List.of(C), true, false));
        deliver(defaulting, A);
        assertThat(names(defaulting.snapshot().members())).containsExactly("a");
        deliver(defaulting);

        assertThat(names(defaulting.snapshot().members())).containsExactly("c");
    }

    // Members.

    @Test
    void aMemberSurvivesByIdentityWhateverElseChanges() {
        deliver(A.withSequence(1L), B);
        Member before = member("a");
        report(A, FAILING);
        before.load(0).counters().increment(MemberCounter.REQUESTS);
        deliver(C, A.withSequence(2L));

        assertThat(member("a")).isSameAs(before);
        assertThat(before.endpoint().sequence()).isEqualTo(2);
        assertThat(before.verdict()).isEqualTo(FAILING);
        assertThat(before.retired()).isFalse();
        assertThat(before.total(MemberCounter.REQUESTS)).isEqualTo(1);
    }

    @Test
    void aMemberThatLeavesIsRetiredAndReturnsAsANewOne() {
        deliver(A, B);
        Member first = member("a");
        report(A, FAILING);
        deliver(B);
        assertThat(first.retired()).isTrue();
        deliver(A, B);

        assertThat(member("a")).isNotSameAs(first);
        assertThat(member("a").retired()).isFalse();
        assertThat(member("a").verdict()).isEqualTo(HealthVerdict.UNCHECKED);
        assertThat(first.retired()).isTrue();
    }

    @Test
    void aMemberThatReturnsWithinOneFoldNeverLeft() {
        deliver(A, B);
        Member before = member("a");
        pool.replace(new EndpointSet("web", List.of(B), "gone"));
        pool.replace(new EndpointSet("web", List.of(A, B), "back"));
        control.runAll();

        assertThat(member("a")).isSameAs(before);
        assertThat(before.retired()).isFalse();
    }

    @Test
    void aChangedWeightReachesTheMember() {
        Pool weighted = newPool(PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(List.of(), false, true, null, 1, true, false))
                .build());
        deliver(weighted, A.withWeight(2), B);
        Member before = weighted.snapshot().members().get(0);
        deliver(weighted, A.withWeight(0), B);

        assertThat(weighted.snapshot().members().get(0)).isSameAs(before);
        assertThat(before.weight()).isZero();
        assertThat(names(weighted.snapshot().eligible())).containsExactly("b");
    }

    // Health.

    @Test
    void withdrawsAnEndpointThatFailsAndReturnsItOncePassing() {
        deliver(A, B);
        report(A, FAILING);
        assertThat(names(pool.snapshot().eligible())).containsExactly("b");
        assertThat(names(pool.snapshot().members())).containsExactly("a", "b");
        assertThat(pool.snapshot().cause()).isEqualTo("health: a_10.0.0.1:80 FAILING (connect refused)");
        report(A, PASSING);

        assertThat(names(pool.snapshot().eligible())).containsExactly("a", "b");
    }

    @Test
    void aVerdictThatChangesNothingForTrafficIsKeptWithoutANewSnapshot() {
        deliver(A);
        PoolSnapshot before = pool.snapshot();
        report(A, PASSING);

        assertThat(pool.snapshot()).isSameAs(before);
        assertThat(member("a").verdict()).isEqualTo(PASSING);
    }

    @Test
    void aVerdictOnAStrangerIsIgnored() {
        deliver(A);
        PoolSnapshot before = pool.snapshot();
        report(B, FAILING);

        assertThat(pool.snapshot()).isSameAs(before);
    }

    @Test
    void nothingIsEligibleWhenEverythingFails() {
        deliver(A, B);
        report(A, FAILING);
        report(B, FAILING);

        assertThat(pool.snapshot().eligible()).isEmpty();
        assertThat(pool.snapshot().picker().pick(Pick.ANY)).isNull();
    }

    // Backups.

    @Test
    void theFirstBackupServesOnceNoPrimaryCan() {
        deliver(A, B.withBackup(true), C.withBackup(true));
        assertThat(names(pool.snapshot().eligible())).containsExactly("a");
        report(A, FAILING);
        assertThat(names(pool.snapshot().eligible())).containsExactly("b");
        report(B, FAILING);
        assertThat(names(pool.snapshot().eligible())).containsExactly("c");
        report(A, PASSING);

        assertThat(names(pool.snapshot().eligible())).containsExactly("a");
    }

    @Test
    void allBackupsServeIfToldSo() {
        Pool sharing = newPool(PoolConfig.named("web").with().allBackups(true).build());
        deliver(sharing, A, B.withBackup(true), C.withBackup(true));
        sharing.onVerdict(A.id(), FAILING);
        control.runAll();

        assertThat(names(sharing.snapshot().eligible())).containsExactly("b", "c");
    }

    // Operators.

    @Test
    void anOperatorRestsAMemberAndBringsItBack() {
        deliver(A, B);
        pool.rest(A.id(), AdminState.DRAIN);
        control.runAll();
        assertThat(names(pool.snapshot().eligible())).containsExactly("b");
        assertThat(pool.snapshot().cause()).isEqualTo("operator: a_10.0.0.1:80 DRAIN");
        pool.rest(A.id(), AdminState.READY);
        control.runAll();

        assertThat(names(pool.snapshot().eligible())).containsExactly("a", "b");
    }

    @Test
    void anOperatorsWishOutlivesTheMember() {
        deliver(A, B);
        pool.rest(A.id(), AdminState.DRAIN);
        control.runAll();
        deliver(B);
        deliver(A, B);

        assertThat(names(pool.snapshot().eligible())).containsExactly("b");
    }

    @Test
    void aWishThatHoldsAlreadyIsNoEvent() {
        deliver(A);
        PoolSnapshot before = pool.snapshot();
        pool.rest(A.id(), AdminState.READY);
        control.runAll();

        assertThat(pool.snapshot()).isSameAs(before);
    }

    // Configuration.

    @Test
    void anotherConfigurationKeepsTheMembers() {
        deliver(A, B);
        Member before = member("a");
        report(A, FAILING);
        UpstreamConfig upstream = UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(Duration.ofSeconds(1))
                .serverTimeout(Duration.ZERO)
                .keepAliveTimeout(Duration.ofSeconds(1))
                .maxIdlePerLoop(1)
                .retries(0)
                .redispatch(false)
                .build();
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .balance(new BalanceConfig(BalanceConfig.Policy.LEAST_REQUEST, 2))
                .upstream(upstream)
                .build());
        control.runAll();

        assertThat(member("a")).isSameAs(before);
        assertThat(names(pool.snapshot().eligible())).containsExactly("b");
        assertThat(pool.snapshot().upstream()).isEqualTo(upstream);
        assertThat(pool.snapshot().cause()).isEqualTo("reconfigured");
    }

    @Test
    void anEqualConfigurationIsNoEvent() {
        deliver(A);
        PoolSnapshot before = pool.snapshot();
        pool.reconfigure(PoolConfig.named("web"));
        control.runAll();

        assertThat(pool.snapshot()).isSameAs(before);
    }

    @Test
    void newRulesApplyToWhatWasDelivered() {
        deliver(A);
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(List.of(C), true, true, PortOverride.to(81), 1, false, false))
                .build());
        control.runAll();

        assertThat(pool.snapshot().members())
                .extracting(Member::endpoint)
                .containsExactly(A.withPort(81), C.withPort(81));
    }

    @Test
    void aPoolAllOfWhoseEndpointsAreFilteredOutIsEmpty() {
        Pool filtered = newPool(withRules(List.of(C), true, false)
                .with()
                .selection(new Selection(List.of(new LabelFilter("zone", "east", true)), false))
                .build());
        Endpoint east = A.withLabels(Map.of("zone", "east"));
        deliver(filtered, east, B);

        assertThat(names(filtered.snapshot().members())).containsExactly("a");
        assertThat(filtered.snapshot().passedOver())
                .containsExactly(new PassedOver(B, "label zone is not there (wanted: `east`)"));

        deliver(filtered, B);

        assertThat(filtered.snapshot().members()).isEmpty();
        assertThat(filtered.snapshot().passedOver())
                .extracting(PassedOver::endpoint)
                .containsExactly(B);

        deliver(filtered);

        assertThat(filtered.snapshot().passedOver())
                .extracting(PassedOver::endpoint)
                .containsExactly(C);
    }

    @Test
    void theLeaderChangesWithTheNumbersAndTheRuleWithTheConfiguration() {
        Endpoint first = A.withSequence(1L);
        Endpoint second = B.withSequence(2L);
        Pool led = newPool(PoolConfig.named("web")
                .with()
                .selection(new Selection(List.of(), true))
                .build());
        deliver(led, first, second);
        assertThat(names(led.snapshot().members())).containsExactly("a");

        deliver(led, first.withSequence(3L), second);
        assertThat(names(led.snapshot().members())).containsExactly("b");

        led.reconfigure(PoolConfig.named("web"));
        control.runAll();
        assertThat(names(led.snapshot().members())).containsExactly("a", "b");
        assertThat(led.snapshot().passedOver()).isEmpty();
    }

    @Test
    void anEndpointWithoutAPortThereIsShownWhenItAppears() {
        Pool moved = newPool(PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(List.of(), false, true, PortOverride.by(60_000), 1, false, false))
                .build());
        deliver(moved, A);
        deliver(moved, A, B.withPort(6000));

        assertThat(names(moved.snapshot().members())).containsExactly("a");
        assertThat(moved.snapshot().passedOver())
                .extracting(PassedOver::endpoint)
                .containsExactly(B.withPort(6000));
    }

    @Test
    void newDefaultsServeWhileTheSourceIsSilent() {
        pool.reconfigure(withRules(List.of(C), true, false));
        control.runAll();

        assertThat(names(pool.snapshot().members())).containsExactly("c");
    }

    // Observation.

    @Test
    void observersHearOfEverySnapshotInOrder() {
        List<String> heard = new ArrayList<>();
        pool.observe((source, before, after) -> heard.add(
                source.name() + " " + before.version() + "->" + after.version() + " " + names(after.members())));
        deliver(A);
        deliver(B);

        assertThat(heard).containsExactly("web 1->2 [a]", "web 2->3 [b]");
    }

    @Test
    void theHistoryHoldsTheLatestChanges() {
        deliver(A, B);
        report(A, FAILING);
        assertThat(pool.history())
                .containsExactly(
                        new PoolChange(2, "a test", clock.wallMillis(), 2, 2),
                        new PoolChange(3, "health: a_10.0.0.1:80 FAILING (connect refused)", clock.wallMillis(), 2, 1));
        for (int i = 0; i < 50; i++) {
            report(A, PASSING);
            report(A, FAILING);
        }

        assertThat(pool.history()).hasSize(64);
        assertThat(pool.history().get(63).version())
                .isEqualTo(pool.snapshot().version())
                .isEqualTo(103);
    }

    @Test
    void remembersWhatTheSourceSaysOfItself() {
        assertThat(pool.sourceStatus()).isNull();
        SourceStatus stale = new SourceStatus("zookeeper", SourceStatus.State.STALE, 1, 2, "gone");
        pool.status(stale);
        control.runAll();

        assertThat(pool.sourceStatus()).isEqualTo(stale);
        assertThat(pool.snapshot().version()).isEqualTo(1);
    }

    @Test
    void sumsWhatTheLoopsCount() {
        pool.load(0).counters().increment(PoolCounter.REQUESTS);
        pool.load(1).counters().add(PoolCounter.REQUESTS, 2);
        pool.load(1).failures().increment(Failure.NO_MEMBER);
        pool.load(0).latency().record(2_000_000);
        pool.load(1).selfTime().record(30_000);

        assertThat(pool.load(0)).isSameAs(pool.load(0));
        assertThat(pool.total(PoolCounter.REQUESTS)).isEqualTo(3);
        assertThat(pool.total(Failure.NO_MEMBER)).isEqualTo(1);
        assertThat(pool.total(Failure.NO_ROUTE)).isZero();
        assertThat(pool.latency().getMaxValue()).isBetween(1_980L, 2_020L);
        assertThat(pool.selfTime().getMaxValue()).isEqualTo(30);
    }

    // Options of endpoints.

    @Test
    void anEndpointsOwnOptionsCount() {
        deliver(A.withOptions("id 12 backup"), B.withOptions("weight 50"), C.withOptions("disabled"));

        assertThat(names(pool.snapshot().eligible())).containsExactly("b");
        assertThat(member("a").backup()).isTrue();
        assertThat(member("a").number()).isEqualTo(12);
        assertThat(member("b").weight()).isEqualTo(50);
        assertThat(member("c").adminState()).isEqualTo(AdminState.MAINT);

        report(B, FAILING);
        assertThat(names(pool.snapshot().eligible())).containsExactly("a");
    }

    @Test
    void whoIsNoLongerDisabledTakesWorkUnlessAnOperatorWantsOtherwise() {
        deliver(A.withOptions("disabled"), B.withOptions("disabled"));
        pool.rest(B.id(), AdminState.DRAIN);
        deliver(A, B);
        assertThat(names(pool.snapshot().eligible())).containsExactly("a");

        deliver(A.withOptions("disabled"), B);
        assertThat(pool.snapshot().eligible()).isEmpty();
    }

    @Test
    void aWeightOfTheRegistryCountsMoreThanThatOfTheOptionsIfItCounts() {
        deliver(A.withWeight(3).withOptions("weight 5"));
        assertThat(member("a").weight()).isEqualTo(5);

        pool.reconfigure(PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(List.of(), false, true, null, 1, true, false))
                .build());
        control.runAll();
        assertThat(member("a").weight()).isEqualTo(3);
    }

    private Pool newPool(PoolConfig config) {
        return new Pool(config, control, clock, bound -> 0, 2);
    }

    private static PoolConfig withRules(List<Endpoint> defaults, boolean usePrevious, boolean backup) {
        return PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(defaults, false, usePrevious, null, 1, false, backup))
                .build();
    }

    private void deliver(Endpoint... endpoints) {
        deliver(pool, endpoints);
    }

    private void deliver(Pool to, Endpoint... endpoints) {
        to.replace(new EndpointSet("web", List.of(endpoints), "a test"));
        control.runAll();
    }

    private void report(Endpoint endpoint, HealthVerdict verdict) {
        pool.onVerdict(endpoint.id(), verdict);
        control.runAll();
    }

    private Member member(String name) {
        return pool.snapshot().members().stream()
                .filter(member -> member.endpoint().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(List<Member> members) {
        return members.stream().map(member -> member.endpoint().name()).toList();
    }

    private static List<String> addresses(Pool pool) {
        return pool.snapshot().members().stream()
                .map(member -> member.endpoint().address())
                .toList();
    }
}
