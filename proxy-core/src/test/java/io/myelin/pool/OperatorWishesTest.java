package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.RandomSource;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorWishesTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);

    private final QueuedExecutor control = new QueuedExecutor();
    private final Pool pool = new Pool(
            PoolConfig.named("web").with().sticky(StickyConfig.inserted("SRV")).build(),
            control,
            new FakeClock(),
            RandomSource.SYSTEM,
            1);

    @Test
    void aWeightHoldsWhateverTheSourceSaysUntilItIsTakenBack() {
        deliver(A, B);
        pool.weigh(A.id(), 0);
        control.runAll();
        assertThat(pool.snapshot().eligible()).extracting(Member::id).containsExactly(B.id());

        deliver(B);
        deliver(A.withSequence(7L), B);
        assertThat(member(A).weight()).isZero();
        assertThat(member(A).configuredWeight()).isEqualTo(1);

        pool.weigh(A.id(), null);
        control.runAll();
        assertThat(member(A).weight()).isEqualTo(1);
        assertThat(pool.snapshot().eligible()).hasSize(2);
    }

    @Test
    void anotherAddressMakesAnotherMemberOfTheSameIdentity() {
        deliver(A, B);
        pool.rest(A.id(), AdminState.DRAIN);
        control.runAll();
        Member before = member(A);
        pool.onVerdict(A.id(), new HealthVerdict(State.FAILING, "refused", 1));
        pool.move(A.id(), "10.0.0.9", 81);
        control.runAll();

        Member after = member(A);
        assertThat(after).isNotSameAs(before);
        assertThat(before.retired()).isTrue();
        assertThat(after.retired()).isFalse();
        assertThat(after.endpoint().address()).isEqualTo("10.0.0.9:81");
        assertThat(after.verdict().state()).isEqualTo(State.UNKNOWN);
        assertThat(after.adminState()).isEqualTo(AdminState.DRAIN);
        assertThat(pool.snapshot().cause()).endsWith("operator: a_10.0.0.1:80 address 10.0.0.9:81");
    }

    @Test
    void maintenanceKeepsEvenStickyClientsAway() {
        deliver(A, B);
        pool.rest(A.id(), AdminState.DRAIN);
        control.runAll();
        assertThat(open(A)).isTrue();

        pool.rest(A.id(), AdminState.MAINT);
        control.runAll();
        assertThat(open(A)).isFalse();
    }

    @Test
    void afterMaintenanceChecksBeginAnew() {
        deliver(A, B);
        pool.onVerdict(A.id(), new HealthVerdict(State.FAILING, "refused", 1));
        pool.rest(A.id(), AdminState.MAINT);
        control.runAll();
        assertThat(pool.snapshot().eligible()).hasSize(1);

        pool.rest(A.id(), AdminState.READY);
        control.runAll();
        assertThat(member(A).verdict()).isEqualTo(HealthVerdict.UNCHECKED);
        assertThat(pool.snapshot().eligible()).hasSize(2);
    }

    private boolean open(Endpoint endpoint) {
        StickyMembers sticky = pool.snapshot().sticky();
        return sticky != null && sticky.open(member(endpoint));
    }

    private Member member(Endpoint endpoint) {
        return pool.snapshot().members().stream()
                .filter(member -> member.id().equals(endpoint.id()))
                .findFirst()
                .orElseThrow();
    }

    private void deliver(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "test"));
        control.runAll();
    }
}
