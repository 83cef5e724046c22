package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.Asker;
import io.myelin.health.CheckStatus;
import io.myelin.health.Finding;
import io.myelin.health.ProbeResult;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.testing.FakeClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The probes of one instance on an event loop whose time stands still until the test moves it. */
class LoopWatchTest {
    private static final ProbeSubject SUBJECT = new ProbeSubject("web", "web_1", List.of());

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final FakeClock clock = new FakeClock();
    private final Script liveness = new Script();
    private final Script readiness = new Script();
    private final Journal journal = new Journal();

    /** Answers every question after a while, unless it keeps still; notes when it was asked. */
    private final class Script {
        private final List<Long> askedMillis = new ArrayList<>();
        private final List<Promise<ProbeResult>> open = new ArrayList<>();
        private Duration takes = Duration.ZERO;
        private boolean passes = true;
        private boolean ended;

        private Inquiry inquiry() {
            Asker asker = (on, answer) -> {
                askedMillis.add(millis());
                open.add(answer);
                on.schedule(() -> answer(answer), takes.toNanos(), TimeUnit.NANOSECONDS);
            };
            return new Inquiry("test", asker, () -> ended = true);
        }

        private void answer(Promise<ProbeResult> answer) {
            open.remove(answer);
            Finding finding = Finding.of(passes ? CheckStatus.L7OK : CheckStatus.L7STS, passes ? "fine" : "http 500");
            answer.trySuccess(new ProbeResult(finding, takes.toNanos()));
        }
    }

    /** Notes what an observer hears. */
    private static final class Journal implements LifecycleObserver {
        private final List<String> lines = new ArrayList<>();
        private @Nullable Runnable onFailure;

        @Override
        public void onState(ReplicaState state, String reason) {
            lines.add(state.text() + ": " + reason);
        }

        @Override
        public void onLivenessFailed(String reason) {
            lines.add("failed: " + reason);
            if (onFailure != null) {
                onFailure.run();
            }
        }
    }

    @BeforeEach
    void stopTime() {
        loop.freezeTime();
    }

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void scenario1WithoutProbesReadyAtOnce() {
        LoopWatch watch = watch(null, null);

        assertThat(journal.lines).containsExactly("ready: started, and no probe asks more");
        assertThat(watch.reports()).isEmpty();
    }

    @Test
    void scenario9TheNextProbeStartsOnePeriodAfterTheEndOfTheLast() {
        readiness.takes = Duration.ofMillis(800);
        watch(null, every(Duration.ZERO, Duration.ofSeconds(1)));
        pass(Duration.ofSeconds(10));

        assertThat(readiness.askedMillis).containsExactly(0L, 1_800L, 3_600L, 5_400L, 7_200L, 9_000L);
        assertThat(readiness.open).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void scenario9TheFirstProbeWaitsForTheInitialDelay() {
        watch(null, every(Duration.ofSeconds(5), Duration.ofSeconds(1)));
        pass(Duration.ofMillis(4_999));
        assertThat(readiness.askedMillis).isEmpty();

        pass(Duration.ofMillis(1));
        assertThat(readiness.askedMillis).containsExactly(5_000L);
    }

    @Test
    void scenario9AProbeThatHangsIsNotOvertaken() {
        readiness.takes = Duration.ofHours(1);
        watch(null, every(Duration.ZERO, Duration.ofSeconds(1)));
        pass(Duration.ofMinutes(5));

        assertThat(readiness.askedMillis).containsExactly(0L);
    }

    @Test
    void livenessAndReadinessDoNotWaitForEachOther() {
        liveness.takes = Duration.ofSeconds(3);
        watch(every(Duration.ZERO, Duration.ofSeconds(1)), every(Duration.ZERO, Duration.ofSeconds(1)));
        pass(Duration.ofMillis(2_500));
        assertThat(liveness.askedMillis).containsExactly(0L);
        assertThat(readiness.askedMillis).containsExactly(0L, 1_000L, 2_000L);
        assertThat(journal.lines).isEmpty();

        pass(Duration.ofMillis(500));
        assertThat(journal.lines).containsExactly("healthy: fine in 3000 ms", "ready: fine in 0 ms");
    }

    @Test
    void afterLivenessFailedNothingIsAskedAndNothingSaid() {
        liveness.passes = false;
        watch(every(Duration.ZERO, Duration.ofSeconds(1)), every(Duration.ZERO, Duration.ofSeconds(1)));
        pass(Duration.ofSeconds(2));
        liveness.passes = true;
        pass(Duration.ofSeconds(10));

        assertThat(journal.lines).containsExactly("failed: http 500 in 0 ms");
        assertThat(liveness.askedMillis).hasSize(3);
        assertThat(liveness.ended).isTrue();
        assertThat(readiness.ended).isTrue();
    }

    @Test
    void anObserverThatClosesHearsNothingMore() {
        liveness.passes = false;
        LoopWatch watch = watch(every(Duration.ZERO, Duration.ofSeconds(1)), null);
        journal.onFailure = watch::close;
        pass(Duration.ofSeconds(10));

        assertThat(journal.lines).hasSize(1);
        assertThat(liveness.askedMillis).hasSize(3);
    }

    @Test
    void closingDropsTheQuestionThatIsUnderWay() {
        readiness.takes = Duration.ofSeconds(1);
        LoopWatch watch = watch(null, every(Duration.ZERO, Duration.ofSeconds(1)));
        Promise<ProbeResult> asked = readiness.open.get(0);
        watch.close();
        watch.close();
        loop.runPendingTasks();

        assertThat(asked.isCancelled()).isTrue();
        pass(Duration.ofSeconds(10));
        assertThat(readiness.askedMillis).hasSize(1);
        assertThat(journal.lines).containsExactly("healthy: started, and no probe asks more");
    }

    @Test
    void reportsWhatWasFoundLast() {
        LoopWatch watch = watch(null, every(Duration.ZERO, Duration.ofSeconds(1)));
        pass(Duration.ofSeconds(2));
        readiness.passes = false;
        readiness.takes = Duration.ofMillis(40);
        pass(Duration.ofSeconds(3));

        ProbeReport report = watch.reports().get(0);
        assertThat(report.probe()).isEqualTo("readiness");
        assertThat(report.passed()).isFalse();
        assertThat(report.reason()).isEqualTo("http 500 in 40 ms");
        assertThat(report.millis()).isEqualTo(40);
        assertThat(report.streak()).isEqualTo(2);
        assertThat(report.successes()).isEqualTo(3);
        assertThat(report.failures()).isEqualTo(2);
    }

    @Test
    void aDefectOfAProbeIsNoResultAndDoesNotEndIt() {
        Asker broken = (on, answer) -> {
            readiness.askedMillis.add(millis());
            throw new IllegalStateException("no question");
        };
        ProbeConfig config = every(Duration.ZERO, Duration.ofSeconds(1));
        LoopWatch watch = begin(null, config, null, new Inquiry("test", broken));
        pass(Duration.ofSeconds(3));

        assertThat(readiness.askedMillis).hasSize(4);
        assertThat(watch.reports().get(0).passed()).isNull();
        assertThat(watch.reports().get(0).reason()).contains("no question");
        assertThat(watch.reports().get(0).failures()).isZero();
    }

    private LoopWatch watch(@Nullable ProbeConfig live, @Nullable ProbeConfig ready) {
        return begin(live, ready, live == null ? null : liveness.inquiry(), ready == null ? null : readiness.inquiry());
    }

    private LoopWatch begin(
            @Nullable ProbeConfig live,
            @Nullable ProbeConfig ready,
            @Nullable Inquiry liveInquiry,
            @Nullable Inquiry readyInquiry) {
        LifecycleConfig config = new LifecycleConfig(
                live, ready, LifecycleConfig.Demotion.DRAIN, LifecycleConfig.DEFAULT_DRAIN_LIMIT, null);
        LoopWatch watch = new LoopWatch(
                config,
                SUBJECT,
                loop.eventLoop(),
                new LifeMachine(config, ReplicaState.STARTED, false),
                liveInquiry,
                readyInquiry,
                clock,
                journal,
                () -> {});
        watch.start();
        pass(Duration.ZERO);
        return watch;
    }

    private static ProbeConfig every(Duration initialDelay, Duration period) {
        return new ProbeConfig(new ProbeConfig.Tcp(null), initialDelay, period, Duration.ofSeconds(1), 1, 3);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
    }

    /** Lets time go by in steps of a millisecond, on the loop as on the clock. */
    private void pass(Duration duration) {
        loop.runPendingTasks();
        for (long step = 0; step < duration.toMillis(); step++) {
            clock.advance(Duration.ofMillis(1));
            loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            loop.runPendingTasks();
        }
    }
}
