package io.myelin.health.lifecycle;

import io.myelin.health.Checker;
import io.myelin.model.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Probes instances on the event loops of the checks, thousands of them without a thread each. Safe from any thread. */
public final class LoopLifecycleMonitor implements LifecycleMonitor, AutoCloseable {
    private final Checker checker;
    private final Clock clock;
    private final Programs programs;
    private final Inquiries inquiries;
    private final Set<LoopWatch> watches = ConcurrentHashMap.newKeySet();

    /**
     * Creates a monitor that watches nothing yet.
     *
     * @param checker whose event loops are shared; it is to be closed after this
     */
    public LoopLifecycleMonitor(Checker checker, Clock clock) {
        this.checker = checker;
        this.clock = clock;
        this.programs = new Programs("health-programs", clock);
        this.inquiries = new Inquiries(checker, programs, clock);
    }

    @Override
    public Watch watch(LifecycleConfig config, ProbeSubject subject, LifecycleObserver observer) {
        return begin(config, subject, observer, new LifeMachine(config, ReplicaState.STARTED, false));
    }

    @Override
    public Watch accompany(
            LifecycleConfig config, ProbeSubject subject, ReplicaState from, LifecycleObserver observer) {
        return begin(config, subject, observer, new LifeMachine(config, from, true));
    }

    /** Returns the instances that are probed, with what was found last; in no order. */
    public List<Probed> probed() {
        return watches.stream()
                .map(watch -> new Probed(watch.subject(), watch.reports()))
                .toList();
    }

    /**
     * Probes of one instance.
     *
     * @param reports liveness first
     */
    public record Probed(ProbeSubject subject, List<ProbeReport> reports) {
        public Probed {
            reports = List.copyOf(reports);
        }
    }

    /** Ends all watches, and the programs that probes run. */
    @Override
    public void close() {
        watches.forEach(LoopWatch::close);
        programs.close();
    }

    private Watch begin(LifecycleConfig config, ProbeSubject subject, LifecycleObserver observer, LifeMachine machine) {
        AtomicReference<LoopWatch> self = new AtomicReference<>();
        LoopWatch watch = new LoopWatch(
                config,
                subject,
                checker.loop(),
                machine,
                inquiry("liveness", config.liveness(), subject),
                inquiry("readiness", config.readiness(), subject),
                clock,
                observer,
                () -> watches.remove(self.get()));
        self.set(watch);
        watches.add(watch);
        watch.start();
        return watch;
    }

    private @Nullable Inquiry inquiry(String probe, @Nullable ProbeConfig config, ProbeSubject subject) {
        return config == null ? null : inquiries.of(probe, config, subject);
    }
}
