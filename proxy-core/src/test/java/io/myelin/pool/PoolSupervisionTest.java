package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.ErrorWatch;
import io.myelin.balance.ErrorWatch.Level;
import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.ErrorReaction;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pool notices of its members' traffic, and what follows from their going down and coming up. */
class PoolSupervisionTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint SPARE = Endpoint.of("spare", "10.0.0.3", 80).withBackup(true);
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);
    private static final HealthVerdict PASSING = new HealthVerdict(State.PASSING, "connected in 0 ms", 6);

    private final QueuedExecutor control = new QueuedExecutor();
    private final FakeClock clock = new FakeClock();
    private final Pool pool = new Pool(PoolConfig.named("web"), control, clock, bound -> 0, 2);
    private final List<String> told = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    @BeforeEach
    void listen() {
        pool.reportErrorsTo(
                (endpoint, reaction, reason) -> told.add(endpoint + " " + reaction.label() + ": " + reason));
        pool.endSessionsBy(members -> members.stream()
                .map(member -> member.endpoint().name())
                .sorted()
                .forEach(ended::add));
        pool.replace(new EndpointSet("web", List.of(A, B, SPARE), "a test"));
        control.runAll();
    }

    @Test
    void unlessConfiguredNobodyWatches() {
        assertThat(member("a").errorWatch()).isNull();
    }

    @Test
    void tooManyErrorsAreToldOnTheControlThreadAndCountAnew() {
        configure(with -> with.observe(new ObserveConfig(Level.ANSWERS, 2, ErrorReaction.MARK_DOWN)));
        ErrorWatch watch = watch("a");

        watch.onAnswer(0, 500);
        watch.onAnswer(1, 502);
        assertThat(told).isEmpty();
        control.runAll();
        assertThat(told).containsExactly("a_10.0.0.1:80 mark_down: 2 errors in a row, the last: http 502");

        watch.onAnswer(0, 500);
        control.runAll();
        assertThat(told).hasSize(1);
        watch.onAnswer(0, 500);
        control.runAll();
        assertThat(told).hasSize(2);
    }

    @Test
    void anEndpointsOwnOptionsSayWhetherItIsWatchedAndLosesItsWork() {
        pool.replace(new EndpointSet(
                "web",
                List.of(
                        A.withOptions("observe layer7 error-limit 1 on-error mark-down"),
                        B.withOptions("on-marked-down shutdown-sessions")),
                "a test"));
        control.runAll();

        watch("a").onAnswer(0, 500);
        control.runAll();
        assertThat(told).containsExactly("a_10.0.0.1:80 mark_down: 1 errors in a row, the last: http 500");
        assertThat(member("b").errorWatch()).isNull();

        report(A, FAILING);
        report(B, FAILING);
        assertThat(ended).containsExactly("b");

        pool.replace(new EndpointSet("web", List.of(A, B), "a test"));
        control.runAll();
        assertThat(member("a").errorWatch()).isNull();
    }

    @Test
    void aWatchStaysUntilItsConfigurationChanges() {
        configure(with -> with.observe(new ObserveConfig(Level.ANSWERS)));
        ErrorWatch watch = watch("a");

        configure(with -> with.observe(new ObserveConfig(Level.ANSWERS, 10, ErrorReaction.SUDDEN_DEATH)));
        assertThat(watch("a")).isSameAs(watch);

        configure(with -> with.observe(new ObserveConfig(Level.ANSWERS, 9, ErrorReaction.SUDDEN_DEATH)));
        assertThat(watch("a")).isNotSameAs(watch);

        configure(with -> with);
        assertThat(member("a").errorWatch()).isNull();
    }

    @Test
    void nobodyHearsOfAMemberThatHasLeft() {
        configure(with -> with.observe(new ObserveConfig(Level.ANSWERS, 1, ErrorReaction.MARK_DOWN)));
        watch("a").onAnswer(0, 500);
        pool.replace(new EndpointSet("web", List.of(B), "a test"));
        ErrorWatch gone = watch("a");
        control.runAll();
        told.clear();

        gone.startOver();
        gone.onAnswer(0, 500);
        control.runAll();

        assertThat(told).isEmpty();
    }

    @Test
    void workInProgressGoesOnUnlessConfigured() {
        report(A, FAILING);
        report(A, PASSING);

        assertThat(ended).isEmpty();
    }

    @Test
    void whoGoesDownOrIsTakenOutLosesItsWork() {
        configure(with -> with.marking(new Marking(true, false)));

        report(A, FAILING);
        assertThat(ended).containsExactly("a");
        report(A, FAILING);
        report(A, PASSING);
        pool.rest(B.id(), AdminState.DRAIN);
        control.runAll();
        assertThat(ended).containsExactly("a");

        pool.rest(B.id(), AdminState.MAINT);
        control.runAll();
        assertThat(ended).containsExactly("a", "b");
    }

    @Test
    void workMayGoOnForItsGrace() {
        configure(with -> with.marking(Marking.endingAfter(Duration.ofSeconds(10))));
        report(A, FAILING);
        tickAfter(9);
        assertThat(ended).isEmpty();
        tickAfter(1);
        assertThat(ended).containsExactly("a");
        tickAfter(20);
        assertThat(ended).as("once is enough").containsExactly("a");
    }

    @Test
    void whoComesUpDuringItsGraceKeepsItsWork() {
        configure(with -> with.marking(Marking.endingAfter(Duration.ofSeconds(10))));
        report(A, FAILING);
        tickAfter(9);
        report(A, PASSING);
        tickAfter(20);
        assertThat(ended).isEmpty();
    }

    @Test
    void whoLeavesDuringItsGraceLosesItsWorkAllTheSame() {
        configure(with -> with.marking(Marking.endingAfter(Duration.ofSeconds(10))));
        report(A, FAILING);
        pool.replace(new EndpointSet("web", List.of(B), "a test"));
        control.runAll();
        tickAfter(10);
        assertThat(ended).containsExactly("a");
    }

    @Test
    void backupsLoseTheirWorkToThoseWhoComeUp() {
        configure(with -> with.marking(new Marking(false, true)));
        report(A, FAILING);
        report(SPARE, FAILING);
        report(SPARE, PASSING);
        assertThat(ended).as("a backup that comes up").isEmpty();

        report(A, PASSING);
        assertThat(ended).containsExactly("spare");

        pool.rest(B.id(), AdminState.MAINT);
        pool.rest(B.id(), AdminState.READY);
        control.runAll();
        assertThat(ended).containsExactly("spare", "spare");
    }

    @Test
    void membersBeginInMaintenanceUntilAnOperatorOrTheirOptionsSayOtherwise() {
        configure(with -> with.disabled(true));
        assertThat(pool.snapshot().eligible()).isEmpty();

        pool.rest(A.id(), AdminState.READY);
        pool.replace(new EndpointSet("web", List.of(A, B.withOptions("enabled")), "a test"));
        control.runAll();
        assertThat(names()).containsExactly("a", "b");

        configure(with -> with.disabled(true).allBackups(true));
        assertThat(names()).containsExactly("a", "b");

        pool.replace(new EndpointSet("web", List.of(A, B), "a test"));
        control.runAll();
        assertThat(names()).containsExactly("a");

        configure(with -> with);
        assertThat(names()).containsExactly("a", "b");
    }

    private void configure(UnaryOperator<PoolConfig.Builder> change) {
        pool.reconfigure(change.apply(PoolConfig.named("web").with()).build());
        control.runAll();
    }

    private void report(Endpoint endpoint, HealthVerdict verdict) {
        pool.onVerdict(endpoint.id(), verdict);
        control.runAll();
    }

    private void tickAfter(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        pool.onTick();
        control.runAll();
    }

    private List<String> names() {
        return pool.snapshot().eligible().stream()
                .map(member -> member.endpoint().name())
                .toList();
    }

    private ErrorWatch watch(String name) {
        return Objects.requireNonNull(member(name).errorWatch());
    }

    private Member member(String name) {
        return pool.snapshot().members().stream()
                .filter(member -> member.endpoint().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
