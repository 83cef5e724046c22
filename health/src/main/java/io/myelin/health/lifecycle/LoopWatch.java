package io.myelin.health.lifecycle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.health.ProbeResult;
import io.myelin.health.lifecycle.LifeMachine.Step;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.model.Clock;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The probes of one instance and what they make of it, on one event loop. */
final class LoopWatch implements LifecycleMonitor.Watch {
    /*
     * The lock is held while the observer is told, which is why it hears nothing once close has returned. Observers
     * return at once by contract, and no other lock is taken under this one.
     */
    private static final Logger log = LoggerFactory.getLogger(LoopWatch.class);

    private final ProbeSubject subject;
    private final EventLoop loop;
    private final LifeMachine machine;
    private final LifecycleObserver observer;
    private final Runnable afterClose;
    private final List<ProbeRun> runs;
    private final ReentrantLock telling = new ReentrantLock();

    @GuardedBy("telling")
    private boolean closed;

    /**
     * Creates the watch over an instance, not started yet.
     *
     * @param machine thinks, on {@code loop}
     * @param liveness what the liveness probe asks, {@code null} if there is none
     * @param readiness what the readiness probe asks, {@code null} if there is none
     * @param afterClose runs once, when the watch is closed
     */
    LoopWatch(
            LifecycleConfig config,
            ProbeSubject subject,
            EventLoop loop,
            LifeMachine machine,
            @Nullable Inquiry liveness,
            @Nullable Inquiry readiness,
            Clock clock,
            LifecycleObserver observer,
            Runnable afterClose) {
        this.subject = subject;
        this.loop = loop;
        this.machine = machine;
        this.observer = observer;
        this.afterClose = afterClose;
        List<ProbeRun> all = new ArrayList<>(2);
        if (config.liveness() != null && liveness != null) {
            all.add(new ProbeRun("liveness", config.liveness(), liveness, loop, clock, this::onLiveness));
        }
        if (config.readiness() != null && readiness != null) {
            all.add(new ProbeRun("readiness", config.readiness(), readiness, loop, clock, this::onReadiness));
        }
        this.runs = List.copyOf(all);
    }

    /** Queues the first step. */
    void start() {
        loop.execute(() -> {
            if (isOpen()) {
                carryOut(machine.start(), "started, and no probe asks more");
                runs.forEach(ProbeRun::start);
            }
        });
    }

    ProbeSubject subject() {
        return subject;
    }

    @Override
    public List<ProbeReport> reports() {
        return runs.stream().map(ProbeRun::report).toList();
    }

    @Override
    public void close() {
        telling.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            telling.unlock();
        }
        afterClose.run();
        try {
            loop.execute(() -> runs.forEach(ProbeRun::stop));
        } catch (RejectedExecutionException e) {
            log.debug("The event loop ended before the probes: instance={}", subject.name(), e);
        }
    }

    private void onLiveness(ProbeResult result) {
        carryOut(machine.onLiveness(result.finding().status().passed()), result.reason());
    }

    private void onReadiness(ProbeResult result) {
        carryOut(machine.onReadiness(result.finding().status().passed()), result.reason());
    }

    private void carryOut(List<Step> steps, String reason) {
        if (machine.over()) {
            runs.forEach(ProbeRun::stop);
        }
        steps.forEach(step -> tell(step, reason));
    }

    private void tell(Step step, String reason) {
        telling.lock();
        try {
            if (!closed) {
                tellOpen(step, reason);
            }
        } catch (RuntimeException e) {
            log.error("A step was not taken: instance={} step={}", subject.name(), step, e);
        } finally {
            telling.unlock();
        }
    }

    private void tellOpen(Step step, String reason) {
        switch (step) {
            case HEALTHY, DEMOTED -> observer.onState(ReplicaState.HEALTHY, reason);
            case READY -> observer.onState(ReplicaState.READY, reason);
            case LIVENESS_FAILED -> observer.onLivenessFailed(reason);
        }
    }

    private boolean isOpen() {
        telling.lock();
        try {
            return !closed;
        } finally {
            telling.unlock();
        }
    }
}
