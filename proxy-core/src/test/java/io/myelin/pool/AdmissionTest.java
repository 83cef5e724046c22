package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.balance.Pick;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint C = Endpoint.of("c", "10.0.0.3", 80);
    private static final Endpoint SPARE = Endpoint.of("s", "10.0.0.4", 80).withBackup(true);

    private final QueuedExecutor control = new QueuedExecutor();
    private final FakeClock clock = new FakeClock();

    @ParameterizedTest
    @CsvSource({"0, 1, 10", "25, 1, 20", "50, 1, 50", "99, 1, 90", "100, 1, 100", "25, 2, 50", "1, 2, 10"})
    void theShareGrowsWithTime(int seconds, double aggression, int percent) {
        Admission admission = new Admission(Duration.ofSeconds(100), aggression, 0);

        assertThat(admission.percentAfter(seconds * 1_000_000_000L)).isEqualTo(percent);
    }

    @Test
    void aNewMemberOfARunningPoolStartsSlowly() {
        Pool pool = slowlyStarting();
        deliver(pool, A);
        deliver(pool, A, B);

        assertThat(picksOf(pool, B, 110)).isEqualTo(10);
        tickAfter(pool, 50);
        assertThat(pool.snapshot().cause()).isEqualTo("slow start");
        assertThat(picksOf(pool, B, 150)).isEqualTo(50);
        tickAfter(pool, 50);
        assertThat(picksOf(pool, B, 200)).isEqualTo(100);
    }

    @Test
    void theFirstDeliveryStartsAtOnce() {
        Pool pool = slowlyStarting();
        deliver(pool, A, B);

        assertThat(pool.snapshot().members()).extracting(Member::startPercent).containsOnly(100);
    }

    @Test
    void aMemberThatComesBackStartsSlowly() {
        Pool pool = slowlyStarting();
        deliver(pool, A, B);
        judge(pool, A, State.FAILING);
        judge(pool, A, State.PASSING);
        assertThat(picksOf(pool, A, 110)).isEqualTo(10);

        tickAfter(pool, 100);
        pool.rest(B.id(), AdminState.DRAIN);
        control.runAll();
        tickAfter(pool, 200);
        pool.rest(B.id(), AdminState.READY);
        control.runAll();
        assertThat(picksOf(pool, B, 110)).isEqualTo(10);
    }

    @Test
    void aTickWithoutAStepIsNoEvent() {
        Pool pool = slowlyStarting();
        deliver(pool, A);
        deliver(pool, A, B);
        PoolSnapshot before = pool.snapshot();
        tickAfter(pool, 5);

        assertThat(pool.snapshot()).isSameAs(before);
    }

    @Test
    void healthIsIgnoredWhenTooFewPass() {
        Pool pool = panickingBelow(50);
        deliver(pool, A, B, C);
        judge(pool, A, State.FAILING);
        assertThat(eligible(pool)).containsExactly("b", "c");
        judge(pool, B, State.FAILING);
        assertThat(eligible(pool)).containsExactly("a", "b", "c");

        pool.rest(A.id(), AdminState.DRAIN);
        control.runAll();
        assertThat(eligible(pool)).containsExactly("c");
    }

    @Test
    void backupsServeBeforeAPanic() {
        Pool pool = panickingBelow(100);
        deliver(pool, A, SPARE);
        judge(pool, A, State.FAILING);
        assertThat(eligible(pool)).containsExactly("s");

        judge(pool, SPARE, State.FAILING);
        assertThat(eligible(pool)).containsExactly("a");
    }

    @Test
    void aMemberThatHasToProveItselfWaitsForItsFirstPass() {
        Pool pool = pool(Admission.DEFAULT.proven());
        deliver(pool, A, B);
        assertThat(eligible(pool)).isEmpty();
        assertThat(pool.snapshot().members().get(0).verdict().reason()).isEqualTo("not ready yet");

        judge(pool, A, State.PASSING);
        assertThat(eligible(pool)).containsExactly("a");

        pool.rest(A.id(), AdminState.MAINT);
        pool.rest(A.id(), AdminState.READY);
        control.runAll();
        assertThat(eligible(pool)).isEmpty();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new Admission(Duration.ZERO, 0.5, 0))
                .hasMessage("slow_start_aggression: 0.5 (expected: >= 1)");
        assertThatThrownBy(() -> new Admission(Duration.ZERO, 1, 101))
                .hasMessage("panic_percent: 101 (expected: 0..100)");
        assertThatThrownBy(() -> new Admission(Duration.ofSeconds(-1), 1, 0)).hasMessageContaining("slow_start");
    }

    private Pool slowlyStarting() {
        return pool(new Admission(Duration.ofSeconds(100), 1, 0));
    }

    private Pool panickingBelow(int percent) {
        return pool(new Admission(Duration.ZERO, 1, percent));
    }

    private Pool pool(Admission admission) {
        PoolConfig config = PoolConfig.named("web").with().admission(admission).build();
        return new Pool(config, control, clock, bound -> 0, 1);
    }

    private void deliver(Pool pool, Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "a test"));
        control.runAll();
    }

    private void judge(Pool pool, Endpoint endpoint, State state) {
        pool.onVerdict(endpoint.id(), new HealthVerdict(state, "a test", 0));
        control.runAll();
    }

    private void tickAfter(Pool pool, int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        pool.onTick();
        control.runAll();
    }

    private static List<String> eligible(Pool pool) {
        return pool.snapshot().eligible().stream()
                .map(member -> member.endpoint().name())
                .toList();
    }

    private static long picksOf(Pool pool, Endpoint endpoint, int picks) {
        long count = 0;
        for (int i = 0; i < picks; i++) {
            Member member = pool.snapshot().picker().pick(Pick.ANY);
            count += member != null && member.id().equals(endpoint.id()) ? 1 : 0;
        }
        return count;
    }
}
