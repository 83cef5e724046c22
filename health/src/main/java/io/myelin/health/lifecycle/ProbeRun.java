package io.myelin.health.lifecycle;

import io.myelin.health.CheckStatus;
import io.myelin.health.Finding;
import io.myelin.health.ProbeResult;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One probe of one instance, asked again and again on one event loop, never twice at a time. */
@OwnedBy(Owner.HEALTH_LOOP)
final class ProbeRun {
    private static final Logger log = LoggerFactory.getLogger(ProbeRun.class);

    private final String probe;
    private final ProbeConfig config;
    private final Inquiry inquiry;
    private final EventLoop loop;
    private final Clock clock;
    private final Consumer<ProbeResult> reader;
    private @Nullable Future<?> underWay;
    private @Nullable Boolean passed;
    private int streak;
    private long successes;
    private long failures;
    private boolean stopped;
    private volatile ProbeReport report;

    /**
     * Creates a probe that is not asked yet.
     *
     * @param probe {@code liveness} or {@code readiness}
     * @param reader gets every result that says something about the instance, on {@code loop}
     */
    ProbeRun(
            String probe,
            ProbeConfig config,
            Inquiry inquiry,
            EventLoop loop,
            Clock clock,
            Consumer<ProbeResult> reader) {
        this.probe = probe;
        this.config = config;
        this.inquiry = inquiry;
        this.loop = loop;
        this.clock = clock;
        this.reader = reader;
        this.report = new ProbeReport(probe, inquiry.target(), null, "not asked yet", 0, 0, 0, 0, 0);
    }

    /** Asks for the first time after the initial delay. */
    void start() {
        await(config.initialDelay());
    }

    /** Drops the question that is under way and asks no more. */
    void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        Future<?> current = underWay;
        if (current != null) {
            current.cancel(false);
        }
        inquiry.end().run();
    }

    /** Returns what was found last; safe from any thread. */
    ProbeReport report() {
        return report;
    }

    private void await(Duration delay) {
        underWay = loop.schedule(this::ask, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void ask() {
        Promise<ProbeResult> answer = loop.newPromise();
        underWay = answer;
        answer.addListener(done -> {
            if (stopped || done.isCancelled()) {
                return;
            }
            onAnswer(done.isSuccess() ? answer.getNow() : defect(done.cause()));
        });
        try {
            inquiry.asker().ask(loop, answer);
        } catch (RuntimeException e) {
            answer.tryFailure(e);
        }
    }

    private void onAnswer(ProbeResult result) {
        await(config.period());
        CheckStatus status = result.finding().status();
        if (status.conclusive()) {
            count(status.passed());
        }
        report = new ProbeReport(
                probe,
                inquiry.target(),
                passed,
                result.reason(),
                result.millis(),
                clock.wallMillis(),
                streak,
                successes,
                failures);
        if (status.conclusive()) {
            reader.accept(result);
        }
    }

    private void count(boolean success) {
        Boolean last = passed;
        streak = last != null && last == success ? streak + 1 : 1;
        passed = success;
        if (success) {
            successes++;
        } else {
            failures++;
        }
    }

    /** A defect of the probe itself says nothing about the instance, and must not end its probes. */
    private ProbeResult defect(Throwable cause) {
        log.error("A probe went wrong: probe={} target={}", probe, inquiry.target(), cause);
        return new ProbeResult(Finding.of(CheckStatus.SOCKERR, "probe went wrong: " + cause), 0);
    }
}
