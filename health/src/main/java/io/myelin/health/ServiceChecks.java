package io.myelin.health;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.ErrorReaction;
import io.myelin.model.HealthVerdict;
import io.myelin.model.VerdictSink;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one service's endpoints. Safe from any thread. */
public final class ServiceChecks implements AutoCloseable {
    /*
     * The lock is held while a verdict is delivered, which is why none can arrive for an endpoint once reconcile or
     * close has returned. The sink returns at once by contract, and no other lock is taken under this one.
     */
    private static final Logger log = LoggerFactory.getLogger(ServiceChecks.class);

    private final String service;
    private final VerdictSink sink;
    private final Checker checker;
    private final ServiceCounters counters;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<EndpointId, EndpointCheck> checks = new HashMap<>();

    @GuardedBy("lock")
    private CheckPlan plan;

    @GuardedBy("lock")
    private boolean closed;

    ServiceChecks(String service, CheckPlan plan, VerdictSink sink, Checker checker, ServiceCounters counters) {
        this.service = service;
        this.plan = plan;
        this.sink = sink;
        this.checker = checker;
        this.counters = counters;
    }

    public String service() {
        return service;
    }

    /**
     * Replaces the endpoints that are checked: starts the checks of new ones and of those that moved to another
     * address, ends those of the ones that are gone, and lets the others go on, with their checks at the port that
     * their options say now. Has no effect once closed.
     */
    public void reconcile(List<Endpoint> endpoints) {
        lock.lock();
        try {
            if (!closed) {
                Map<EndpointId, Endpoint> wanted = new LinkedHashMap<>(endpoints.size() * 4 / 3 + 1);
                endpoints.forEach(endpoint -> wanted.putIfAbsent(endpoint.id(), endpoint));
                stopAllBut(wanted);
                startMissing(wanted);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Checks by another configuration from now on. What was concluded stands until checks contradict it. */
    public void reconfigure(CheckConfig config) {
        lock.lock();
        try {
            if (!closed && !config.equals(plan.config())) {
                plan = checker.planFor(config);
                for (EndpointCheck check : checks.values()) {
                    check.reconfigure(plan);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes note that too much of an endpoint's traffic went wrong in a row. Has no effect on one that is not checked.
     */
    public void suspect(EndpointId endpoint, ErrorReaction reaction, String reason) {
        lock.lock();
        try {
            EndpointCheck check = checks.get(endpoint);
            if (check != null) {
                check.suspect(reaction, reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how endpoints are checked now. */
    public CheckConfig config() {
        lock.lock();
        try {
            return plan.config();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the last check of an endpoint, {@code null} if it is not checked or was not checked yet. */
    public @Nullable CheckReport report(EndpointId endpoint) {
        lock.lock();
        try {
            EndpointCheck check = checks.get(endpoint);
            return check == null ? null : check.report();
        } finally {
            lock.unlock();
        }
    }

    /** Returns a counter over all endpoints, those that are gone included. */
    public long total(CheckCounter counter) {
        return counters.total(counter);
    }

    /** Ends all checks. The last verdicts delivered remain the sink's to forget. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stopAllBut(Map.of());
        } finally {
            lock.unlock();
        }
        checker.forget(this);
    }

    /** Delivers a verdict, unless the endpoint is no longer checked by {@code check}. */
    void tell(EndpointCheck check, HealthVerdict verdict) {
        lock.lock();
        try {
            if (checks.get(check.id()) == check) {
                sink.onVerdict(check.id(), verdict);
            }
        } catch (RuntimeException e) {
            log.error("A verdict was not taken: service={} endpoint={} verdict={}", service, check.id(), verdict, e);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void stopAllBut(Map<EndpointId, Endpoint> wanted) {
        checks.values().removeIf(check -> {
            Endpoint next = wanted.get(check.id());
            boolean gone = next == null || !check.isAt(next.address());
            if (gone) {
                check.stop();
            }
            return gone;
        });
    }

    @GuardedBy("lock")
    private void startMissing(Map<EndpointId, Endpoint> wanted) {
        for (Endpoint endpoint : wanted.values()) {
            EndpointCheck running = checks.get(endpoint.id());
            if (running != null) {
                running.describe(endpoint);
            } else {
                ServiceCounters.OnLoop place = counters.next();
                EndpointCheck check = new EndpointCheck(endpoint, place.loop(), place.counters(), plan, this);
                checks.put(endpoint.id(), check);
                check.start();
            }
        }
    }
}
