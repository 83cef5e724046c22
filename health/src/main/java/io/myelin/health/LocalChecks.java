package io.myelin.health;

import io.myelin.model.Endpoint;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one instance of this host, which passes while all of them do: one after the other, then a pause.
 *
 * <p>{@code start} and {@code close} are safe from any thread; nothing is told after {@code close} has taken effect on
 * the loop.
 */
@OwnedBy(Owner.HEALTH_LOOP)
public final class LocalChecks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalChecks.class);

    private final String instance;
    private final EventLoop loop;
    private final List<Step> steps;
    private final Duration pause;
    private final LocalVerdictSink sink;
    private @Nullable Future<?> underWay;
    private boolean stopped;

    /** One check, what it concluded and what it saw last. */
    @OwnedBy(Owner.HEALTH_LOOP)
    static final class Step {
        private final LocalCheck check;
        private final CheckPlan plan;
        private final HealthMachine machine;
        private String reason = "";

        Step(LocalCheck check, CheckPlan plan) {
            this.check = check;
            this.plan = plan;
            this.machine = new HealthMachine(check.rise(), check.fall());
        }

        void ask(EventLoop loop, Promise<ProbeResult> answer) {
            plan.ask(loop, Endpoint.of("", check.host(), check.port()), answer);
        }

        void conclude(ProbeResult result) {
            reason = result.reason();
            if (result.finding().status().conclusive()) {
                machine.record(result.finding().status().passed());
            }
        }

        LocalVerdict.Part part() {
            return new LocalVerdict.Part(check.name(), machine.state() == State.PASSING, reason);
        }
    }

    LocalChecks(String instance, EventLoop loop, List<Step> steps, Duration pause, LocalVerdictSink sink) {
        this.instance = instance;
        this.loop = loop;
        this.steps = List.copyOf(steps);
        this.pause = pause;
        this.sink = sink;
    }

    /** Queues the first round. */
    public void start() {
        loop.execute(() -> askFrom(0));
    }

    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        loop.execute(() -> {
            stopped = true;
            Future<?> current = underWay;
            if (current != null) {
                current.cancel(false);
            }
        });
    }

    private void askFrom(int index) {
        if (stopped) {
            return;
        }
        if (index == steps.size()) {
            conclude();
            return;
        }
        Step step = steps.get(index);
        Promise<ProbeResult> answer = loop.newPromise();
        underWay = answer;
        answer.addListener(done -> {
            if (done.isSuccess()) {
                step.conclude(answer.getNow());
            } else if (!done.isCancelled()) {
                onDefect(step, done.cause());
            }
            askFrom(index + 1);
        });
        try {
            step.ask(loop, answer);
        } catch (RuntimeException e) {
            answer.tryFailure(e);
        }
    }

    private void conclude() {
        List<LocalVerdict.Part> parts = steps.stream().map(Step::part).toList();
        sink.onRound(new LocalVerdict(parts.stream().allMatch(LocalVerdict.Part::passing), parts));
        underWay = loop.schedule(() -> askFrom(0), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void onDefect(Step step, Throwable cause) {
        log.error("A check went wrong: instance={} check={}", instance, step.check.name(), cause);
        step.conclude(new ProbeResult(Finding.of(CheckStatus.SOCKERR, "check went wrong: " + cause), 0));
    }
}
