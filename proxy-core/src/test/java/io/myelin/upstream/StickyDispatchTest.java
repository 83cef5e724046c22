package io.myelin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.FakeClock;
import io.myelin.upstream.Dispatch.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exchanges that stick to a member. */
class StickyDispatchTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);

    private final Pool pool = new Pool(config(true, false), Runnable::run, new FakeClock(), bound -> 0, 1);

    private static PoolConfig config(boolean redispatch, boolean persist) {
        return PoolConfig.named("web")
                .with()
                .membership(new MembershipRules(List.of(), false, true, null, 1, true, false))
                .sticky(StickyConfig.inserted("SRV").with().persist(persist).build())
                .upstream(UpstreamConfig.DEFAULT
                        .with()
                        .redispatch(redispatch)
                        .retries(2)
                        .build())
                .build();
    }

    private Member offer(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "a test"));
        return pool.snapshot().members().get(0);
    }

    private Dispatch stuckTo(Member member) {
        Dispatch dispatch = new Dispatch(pool);
        dispatch.stickTo(member);
        return dispatch;
    }

    @Test
    void theMemberComesFirstWhateverThePolicyWouldSay() {
        Member resting = offer(A, B);
        pool.rest(A.id(), AdminState.DRAIN);

        for (int i = 0; i < 4; i++) {
            assertThat(stuckTo(resting).pick()).isSameAs(resting);
        }
    }

    @Test
    void aRepeatedAttemptStaysWithTheMember() {
        Member resting = offer(A.withWeight(0), B);
        Dispatch dispatch = stuckTo(resting);

        assertThat(dispatch.pick()).isSameAs(resting);
        dispatch.resume();
        assertThat(dispatch.pick()).isSameAs(resting);
    }

    @Test
    void afterAFailureAnotherMemberTakesOverForGood() {
        Member first = offer(A, B);
        Dispatch dispatch = stuckTo(first);
        dispatch.pick();

        assertThat(dispatch.onConnectFailed(first)).isEqualTo(Verdict.NOW);
        Member other = dispatch.pick();
        assertThat(other).isNotSameAs(first);
        dispatch.resume();
        assertThat(dispatch.pick()).isSameAs(other);
    }

    @Test
    void withoutAnotherMemberTheSameOneIsTriedAgain() {
        Member resting = offer(A.withWeight(0));
        Dispatch dispatch = stuckTo(resting);
        dispatch.pick();

        assertThat(dispatch.onConnectFailed(resting)).isEqualTo(Verdict.LATER);
        dispatch.resume();
        assertThat(dispatch.pick()).isSameAs(resting);
    }

    @Test
    void withoutRedispatchTheSameOneIsTriedAgainEvenIfItRests() {
        pool.reconfigure(config(false, false));
        Member resting = offer(A.withWeight(0), B);
        Dispatch dispatch = stuckTo(resting);
        dispatch.pick();

        assertThat(dispatch.onConnectFailed(resting)).isEqualTo(Verdict.LATER);
        dispatch.resume();
        assertThat(dispatch.pick()).isSameAs(resting);
        assertThat(dispatch.onConnectFailed(resting)).isEqualTo(Verdict.LATER);
        assertThat(dispatch.onConnectFailed(resting)).isEqualTo(Verdict.GIVE_UP);
    }

    @Test
    void aMemberThatHasFailedItsChecksMeanwhileIsLeft() {
        pool.reconfigure(config(false, false));
        Member first = offer(A, B);
        Dispatch dispatch = stuckTo(first);
        dispatch.pick();
        pool.onVerdict(A.id(), FAILING);

        assertThat(dispatch.onConnectFailed(first)).isEqualTo(Verdict.LATER);
        dispatch.resume();
        assertThat(dispatch.pick()).isNotSameAs(first).isNotNull();
    }

    @Test
    void aPoolThatPersistsDoesNotLeaveIt() {
        pool.reconfigure(config(false, true));
        Member first = offer(A, B);
        Dispatch dispatch = stuckTo(first);
        dispatch.pick();
        pool.onVerdict(A.id(), FAILING);

        assertThat(dispatch.onConnectFailed(first)).isEqualTo(Verdict.LATER);
        dispatch.resume();
        assertThat(dispatch.pick()).isSameAs(first);
    }

    @Test
    void aMemberThatLeftThePoolMeanwhileIsLeft() {
        Member first = offer(A, B);
        Dispatch dispatch = stuckTo(first);
        dispatch.pick();
        offer(B);

        dispatch.resume();
        assertThat(dispatch.pick()).isNotSameAs(first).isNotNull();
    }

    @Test
    void theNextExchangeSticksToNobody() {
        Member resting = offer(A.withWeight(0), B);
        Dispatch dispatch = stuckTo(resting);
        dispatch.begin(pool);

        assertThat(dispatch.pick()).isNotSameAs(resting);
    }
}
