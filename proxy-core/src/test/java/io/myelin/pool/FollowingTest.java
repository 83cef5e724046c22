package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowingTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);
    private static final HealthVerdict PASSING = new HealthVerdict(State.PASSING, "connected in 0 ms", 6);

    private final QueuedExecutor control = new QueuedExecutor();
    private final FakeClock clock = new FakeClock();
    private final Map<String, Pool> pools = new HashMap<>();
    private final Following following = new Following(pools::get);
    private final Pool leader = pool(PoolConfig.named("leader"));

    @ParameterizedTest
    @CsvSource({"leader/a_10.0.0.1:80", "leader/%{name}_%{host}:%{port}"})
    void aFollowerDoesAsItsLeaderDoes(String track) {
        deliver(leader, A);
        Pool follower = follower(track);

        leader.onVerdict(A.id(), FAILING);
        control.runAll();
        assertThat(follower.snapshot().eligible()).isEmpty();
        assertThat(member(follower).verdict())
                .isEqualTo(new HealthVerdict(
                        State.FAILING, "follows leader/a_10.0.0.1:80: connect refused", FAILING.sinceMillis()));
        assertThat(member(follower).leader()).isEqualTo("leader/a_10.0.0.1:80");

        leader.onVerdict(A.id(), PASSING);
        control.runAll();
        assertThat(follower.snapshot().eligible()).hasSize(1);
    }

    @Test
    void aFollowerThatComesLaterKnowsAtOnce() {
        deliver(leader, A);
        leader.onVerdict(A.id(), FAILING);
        control.runAll();

        assertThat(follower("leader/a_10.0.0.1:80").snapshot().eligible()).isEmpty();
    }

    @Test
    void aLeaderThatIsNotThereSaysNothing() {
        Pool follower = follower("leader/a_10.0.0.1:80");
        assertThat(member(follower).verdict().reason()).isEqualTo("follows leader/a_10.0.0.1:80, which is not there");
        assertThat(follower.snapshot().eligible()).hasSize(1);

        deliver(leader, A);
        leader.onVerdict(A.id(), FAILING);
        control.runAll();
        assertThat(follower.snapshot().eligible()).isEmpty();

        deliver(leader, B);
        assertThat(follower.snapshot().eligible()).hasSize(1);
    }

    @Test
    void restIsInheritedAndAnOperatorCanOnlyAddToIt() {
        deliver(leader, A);
        Pool follower = follower("leader/a_10.0.0.1:80");

        leader.rest(A.id(), AdminState.DRAIN);
        control.runAll();
        assertThat(member(follower).adminState()).isEqualTo(AdminState.DRAIN);

        leader.rest(A.id(), AdminState.MAINT);
        control.runAll();
        follower.rest(A.id(), AdminState.READY);
        control.runAll();
        assertThat(member(follower).adminState()).isEqualTo(AdminState.MAINT);

        follower.rest(A.id(), AdminState.DRAIN);
        leader.rest(A.id(), AdminState.READY);
        control.runAll();
        assertThat(member(follower).adminState()).isEqualTo(AdminState.DRAIN);
    }

    @Test
    void followersMayBeFollowed() {
        deliver(leader, A);
        Pool second = follower("leader/a_10.0.0.1:80");
        Pool third = pool(PoolConfig.named("third")
                .with()
                .track(new Track("follower", ""))
                .build());
        deliver(third, A);

        leader.onVerdict(A.id(), FAILING);
        control.runAll();

        assertThat(second.snapshot().eligible()).isEmpty();
        assertThat(third.snapshot().eligible()).isEmpty();
        assertThat(member(third).verdict().reason())
                .isEqualTo("follows follower/a_10.0.0.1:80: follows leader/a_10.0.0.1:80: connect refused");
    }

    @Test
    void aMemberMayFollowAnotherOfItsPool() {
        deliver(leader, A, B.withOptions("track a_10.0.0.1:80"));

        leader.onVerdict(A.id(), FAILING);
        control.runAll();

        assertThat(leader.snapshot().eligible()).isEmpty();
    }

    @Test
    void whoFollowsNobodyAnyLongerCountsAsUnchecked() {
        deliver(leader, A);
        Pool follower = follower("leader/a_10.0.0.1:80");
        leader.onVerdict(A.id(), FAILING);
        leader.rest(A.id(), AdminState.DRAIN);
        control.runAll();

        follower.reconfigure(PoolConfig.named("follower"));
        control.runAll();
        assertThat(member(follower).leader()).isNull();
        assertThat(member(follower).verdict()).isEqualTo(HealthVerdict.UNCHECKED);

        leader.onVerdict(A.id(), PASSING);
        control.runAll();
        assertThat(member(follower).verdict()).isEqualTo(HealthVerdict.UNCHECKED);
    }

    @Test
    void poolsThatAreGoneLeadAndFollowNoMore() {
        deliver(leader, A);
        Pool follower = follower("leader/a_10.0.0.1:80");
        pools.remove("follower");
        following.settle(pools.values());

        leader.onVerdict(A.id(), FAILING);
        control.runAll();

        assertThat(follower.snapshot().eligible()).hasSize(1);
    }

    private Pool follower(String track) {
        Pool follower = pool(
                PoolConfig.named("follower").with().track(Track.parse(track)).build());
        deliver(follower, A);
        return follower;
    }

    private Pool pool(PoolConfig config) {
        Pool pool = new Pool(config, control, clock, bound -> 0, 2);
        pool.observe(following::onSnapshot);
        pools.put(config.name(), pool);
        following.settle(pools.values());
        control.runAll();
        return pool;
    }

    private void deliver(Pool to, Endpoint... endpoints) {
        to.replace(new EndpointSet(to.name(), List.of(endpoints), "a test"));
        control.runAll();
    }

    private static Member member(Pool pool) {
        return Objects.requireNonNull(pool.member(A.id()));
    }
}
