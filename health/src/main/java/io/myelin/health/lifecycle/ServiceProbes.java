package io.myelin.health.lifecycle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.health.lifecycle.LifecycleConfig.RestartHook;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.LifecycleMonitor.Watch;
import io.myelin.health.lifecycle.ProbeSubject.Port;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.VerdictSink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The liveness and readiness probes of one service's endpoints, which somebody else runs: an endpoint passes while it
 * is ready, and fails from the moment its liveness does until that passes again. Safe from any thread.
 */
public final class ServiceProbes implements AutoCloseable {
    /*
     * The lock guards who is probed, and watches are closed under it; what they tell is therefore taken without it.
     */
    private static final Logger log = LoggerFactory.getLogger(ServiceProbes.class);

    private final String service;
    private final LifecycleMonitor monitor;
    private final RestartHooks hooks;
    private final VerdictSink sink;
    private final Clock clock;
    private final Map<EndpointId, Life> lives = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private LifecycleConfig config;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Creates probes of a service that has no endpoint yet.
     *
     * @param sink gets the conclusions; it is asked nothing and returns at once
     */
    public ServiceProbes(
            String service,
            LifecycleConfig config,
            LifecycleMonitor monitor,
            RestartHooks hooks,
            VerdictSink sink,
            Clock clock) {
        this.service = service;
        this.config = config;
        this.monitor = monitor;
        this.hooks = hooks;
        this.sink = sink;
        this.clock = clock;
    }

    /**
     * Replaces the endpoints that are probed, and leaves alone those that stay where they are.
     *
     * @param serves tells of an endpoint that was not probed yet whether it takes traffic now, which it then goes on
     *     doing until a probe says otherwise
     */
    public void reconcile(List<Endpoint> endpoints, Predicate<EndpointId> serves) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Map<EndpointId, Endpoint> wanted = new LinkedHashMap<>();
            endpoints.forEach(endpoint -> wanted.putIfAbsent(endpoint.id(), endpoint));
            stopAllBut(wanted);
            for (Endpoint endpoint : wanted.values()) {
                if (!lives.containsKey(endpoint.id())) {
                    Life life = new Life(endpoint, config.restartHook());
                    lives.put(endpoint.id(), life);
                    life.begin(config, serves.test(endpoint.id()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Probes by another configuration from now on. What was concluded stands until probes contradict it. */
    public void reconfigure(LifecycleConfig next) {
        lock.lock();
        try {
            if (!closed && !next.equals(config)) {
                config = next;
                lives.values().forEach(life -> life.reconfigure(next));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is concluded about an endpoint, {@code null} if it is not probed. */
    public @Nullable HealthVerdict verdict(EndpointId endpoint) {
        Life life = lives.get(endpoint);
        return life == null ? null : life.verdict;
    }

    /** Returns what the probes of an endpoint found last, nothing if it is not probed. */
    public List<ProbeReport> reports(EndpointId endpoint) {
        Life life = lives.get(endpoint);
        return life == null ? List.of() : life.reports();
    }

    /** Ends all probes. The last conclusions remain the sink's to forget. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stopAllBut(Map.of());
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void stopAllBut(Map<EndpointId, Endpoint> wanted) {
        lives.values().removeIf(life -> {
            Endpoint next = wanted.get(life.endpoint.id());
            boolean gone = next == null || !next.address().equals(life.endpoint.address());
            if (gone) {
                life.end();
            }
            return gone;
        });
    }

    /** One endpoint. Its watch is changed under the lock; what it observes comes from one thread at a time. */
    private final class Life implements LifecycleObserver {
        private final Endpoint endpoint;
        private final ProbeSubject subject;
        private volatile @Nullable RestartHook hook;
        private volatile @Nullable Watch watch;
        private volatile boolean ready;
        private volatile HealthVerdict verdict = HealthVerdict.UNPROVEN;

        private Life(Endpoint endpoint, @Nullable RestartHook hook) {
            this.endpoint = endpoint;
            this.hook = hook;
            Port port = new Port(0, "", endpoint.host(), endpoint.port());
            this.subject = new ProbeSubject(service, endpoint.id().value(), List.of(port));
        }

        private void begin(LifecycleConfig probes, boolean serves) {
            ready = serves;
            conclude(serves ? State.PASSING : State.FAILING, serves ? "served before it was probed" : "not ready yet");
            watchBy(probes);
        }

        private void reconfigure(LifecycleConfig probes) {
            hook = probes.restartHook();
            end(watch);
            watchBy(probes);
        }

        private void end() {
            end(watch);
            hooks.forget(subject);
        }

        private List<ProbeReport> reports() {
            Watch current = watch;
            return current == null ? List.of() : current.reports();
        }

        @Override
        public void onState(ReplicaState state, String reason) {
            if (state == ReplicaState.READY) {
                ready = true;
                hooks.onReady(subject);
                log.info("Instance is ready: service={} instance={} reason={}", service, subject.name(), reason);
                conclude(State.PASSING, reason);
            } else if (ready) {
                ready = false;
                log.warn("Instance is not ready: service={} instance={} reason={}", service, subject.name(), reason);
                conclude(State.FAILING, "not ready: " + reason);
            } else {
                conclude(State.FAILING, "healthy, not ready yet");
            }
        }

        @Override
        public void onLivenessFailed(String reason) {
            ready = false;
            log.warn("Instance failed its liveness: service={} instance={} reason={}", service, subject.name(), reason);
            conclude(State.FAILING, "liveness failed: " + reason);
            RestartHook current = hook;
            if (current != null) {
                hooks.call(current, subject, reason);
            }
        }

        private void watchBy(LifecycleConfig probes) {
            try {
                watch = monitor.accompany(probes, subject, ready ? ReplicaState.READY : ReplicaState.STARTED, this);
            } catch (IllegalArgumentException e) {
                watch = null;
                log.error("Instance cannot be probed: service={} instance={}", service, subject.name(), e);
                conclude(State.FAILING, String.valueOf(e.getMessage()));
            }
        }

        private void conclude(State state, String reason) {
            long since =
                    state == verdict.state() && verdict.sinceMillis() > 0 ? verdict.sinceMillis() : clock.wallMillis();
            verdict = new HealthVerdict(state, reason, since);
            sink.onVerdict(endpoint.id(), verdict);
        }

        private static void end(@Nullable Watch ended) {
            if (ended != null) {
                ended.close();
            }
        }
    }
}
