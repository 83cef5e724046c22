package io.myelin.health;

import io.myelin.metrics.Counters;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.ErrorReaction;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one endpoint, one after the other, on one event loop.
 *
 * <p>The package's other threads reach it through methods that queue their effect on that loop.
 */
@OwnedBy(Owner.HEALTH_LOOP)
final class EndpointCheck {
    private static final Logger log = LoggerFactory.getLogger(EndpointCheck.class);

    private final EndpointId id;
    private final EventLoop loop;
    private final Counters<CheckCounter> counters;
    private final ServiceChecks service;
    private final HealthMachine machine;
    private CheckPlan plan;
    private volatile Endpoint endpoint;
    private @Nullable Future<?> underWay;
    private @Nullable Told told;
    private long sinceMillis;
    private long failures;
    private long descents;
    private long downMillis;
    private long alarms;
    private boolean stopped;
    private volatile @Nullable CheckReport report;

    /** What was said last, without the time it took: saying it again is no news. */
    private record Told(State state, Finding finding) {}

    /**
     * Creates the checks of an endpoint, not started yet.
     *
     * @param counters the ones that {@code loop} writes for the service
     */
    EndpointCheck(
            Endpoint endpoint, EventLoop loop, Counters<CheckCounter> counters, CheckPlan plan, ServiceChecks service) {
        this.id = endpoint.id();
        this.endpoint = endpoint;
        this.loop = loop;
        this.counters = counters;
        this.plan = plan;
        this.service = service;
        this.machine = new HealthMachine(plan.config().rise(), plan.config().fall());
    }

    EndpointId id() {
        return id;
    }

    boolean isAt(String address) {
        return endpoint.address().equals(address);
    }

    /** Returns the last check, {@code null} before there was one; safe from any thread. */
    @Nullable
    CheckReport report() {
        return report;
    }

    /** Takes another description of the same endpoint; the next check goes by it. Safe from any thread. */
    void describe(Endpoint described) {
        endpoint = described;
    }

    /** Queues the first check, a random wait ahead. */
    void start() {
        loop.execute(() -> {
            if (!stopped) {
                await(plan.schedule().firstDelayNanos());
            }
        });
    }

    /** Queues the end: no check begins and none is answered after it. */
    void stop() {
        loop.execute(() -> {
            stopped = true;
            cancel();
        });
    }

    /** Queues a change of plan. What was concluded stands; a check under way is dropped. */
    void reconfigure(CheckPlan newPlan) {
        loop.execute(() -> {
            plan = newPlan;
            machine.reconfigure(newPlan.config().rise(), newPlan.config().fall());
            if (!stopped) {
                cancel();
                await(newPlan.schedule().firstDelayNanos());
            }
        });
    }

    /** Queues what follows from too much of the endpoint's traffic having gone wrong. */
    void suspect(ErrorReaction reaction, String reason) {
        loop.execute(() -> {
            if (!stopped && machine.state() != State.FAILING) {
                alarms++;
                counters.increment(CheckCounter.ALARMS);
                react(reaction, reason);
                hasten();
            }
        });
    }

    private void react(ErrorReaction reaction, String reason) {
        State before = machine.state();
        State after = switch (reaction) {
            case FAST_CHECK -> before;
            case FAIL_CHECK -> machine.record(false);
            case SUDDEN_DEATH -> machine.recordGraveFailure();
            case MARK_DOWN -> machine.recordFatalFailure();
        };
        if (reaction == ErrorReaction.FAST_CHECK) {
            return;
        }
        failures++;
        if (after != before) {
            enter(after, before);
        }
        report(new ProbeResult(Finding.of(CheckStatus.HANA, reason), 0));
    }

    /** Has the next check come no later than one of an endpoint that changes state; one under way goes on. */
    private void hasten() {
        if (underWay instanceof ScheduledFuture<?> next
                && next.getDelay(TimeUnit.NANOSECONDS)
                        > plan.config().fastInterval().toNanos()) {
            next.cancel(false);
            await(plan.schedule().firstDelayNanos());
        }
    }

    private void cancel() {
        Future<?> current = underWay;
        if (current != null) {
            current.cancel(false);
        }
    }

    private void await(long delayNanos) {
        underWay = loop.schedule(this::ask, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void ask() {
        counters.increment(CheckCounter.RUN);
        Promise<ProbeResult> answer = loop.newPromise();
        underWay = answer;
        answer.addListener(done -> {
            if (done.isSuccess()) {
                onAnswer(answer.getNow());
            } else if (!done.isCancelled()) {
                onDefect(done.cause());
            }
        });
        try {
            String state = plan.sendsState() ? ServerState.of(machine.progress(), service.service(), endpoint) : "";
            plan.ask(loop, endpoint, state, answer);
        } catch (RuntimeException e) {
            answer.tryFailure(e);
        }
    }

    private void onAnswer(ProbeResult result) {
        await(conclude(result));
        report(result);
    }

    private void report(ProbeResult result) {
        Finding finding = result.finding();
        HealthVerdict verdict = new HealthVerdict(machine.state(), result.reason(), sinceMillis);
        report = new CheckReport(
                machine.progress(), finding.status(), finding.code(), result.millis(), verdict, tally());
        Told news = new Told(machine.state(), finding);
        if (!news.equals(told)) {
            told = news;
            service.tell(this, verdict);
        }
    }

    /** A defect of the check itself says nothing about the endpoint, and must not end its checks. */
    private void onDefect(Throwable cause) {
        log.error("A check went wrong: service={} endpoint={}", service.service(), id, cause);
        onAnswer(new ProbeResult(Finding.of(CheckStatus.SOCKERR, "check went wrong: " + cause), 0));
    }

    /** Takes the result into account and returns how long to wait before the next check. */
    private long conclude(ProbeResult result) {
        CheckStatus status = result.finding().status();
        counters.increment(status.passed() ? CheckCounter.PASSED : CheckCounter.FAILED);
        State before = machine.state();
        if (!status.passed() && before != State.FAILING) {
            failures++;
        }
        if (status.conclusive() && machine.record(status.passed()) != before) {
            enter(machine.state(), before);
        }
        return plan.schedule().nextDelayNanos(machine);
    }

    private void enter(State after, State before) {
        long nowMillis = plan.clock().wallMillis();
        if (after == State.FAILING) {
            descents++;
        } else if (before == State.FAILING) {
            downMillis += nowMillis - sinceMillis;
        }
        sinceMillis = nowMillis;
        counters.increment(CheckCounter.TRANSITIONS);
    }

    private CheckReport.Tally tally() {
        return new CheckReport.Tally(
                plan.config().rise(), plan.config().fall(), machine.health(), failures, descents, downMillis, alarms);
    }
}
