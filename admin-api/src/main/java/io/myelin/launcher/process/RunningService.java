package io.myelin.launcher.process;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.config.ServiceConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckReport;
import io.myelin.health.ServiceChecks;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.ServiceProbes;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import io.myelin.model.ErrorReaction;
import io.myelin.model.HealthVerdict;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What feeds one pool: the watcher that tells it its endpoints, and the checks and probes that judge them.
 *
 * <p>One thread starts, changes and closes it; the control thread hands the members of every snapshot to the judges.
 */
final class RunningService implements AutoCloseable {
    private final Pool pool;
    private final Sources sources;
    private volatile ServiceConfig config;
    private volatile ServiceWatcher watcher;
    private volatile @Nullable ServiceChecks checks;
    private volatile @Nullable ServiceProbes probes;
    /** Whom the judges were last given; control thread. */
    private volatile List<Endpoint> judged = List.of();

    /** Starts feeding {@code pool}. */
    RunningService(ServiceConfig config, Pool pool, Sources sources) {
        this.config = config;
        this.pool = pool;
        this.sources = sources;
        CheckConfig check = config.check();
        LifecycleConfig life = config.lifecycle();
        this.checks = check == null ? null : sources.checks(config.name(), check, this::onCheck);
        this.probes = life == null || !life.probes() ? null : sources.probes(config.name(), life, this::onProbe);
        this.watcher = sources.watcher(config.name(), config.discovery(), pool);
        pool.observe((changed, before, after) -> {
            if (!judged(after).equals(judged)) {
                checkMembersOf(after);
            }
        });
        pool.reportErrorsTo(this::suspect);
        checkCurrentMembers();
        watcher.start();
    }

    ServiceConfig config() {
        return config;
    }

    boolean feeds(Pool other) {
        return pool == other;
    }

    /** Takes another version of the same service; what did not change goes on undisturbed. */
    void reconfigure(ServiceConfig next) {
        follow(next.discovery());
        judgeBy(next.check());
        probeBy(next.lifecycle());
        config = next;
    }

    @Override
    public void close() {
        watcher.close();
        ServiceChecks running = checks;
        checks = null;
        if (running != null) {
            running.close();
        }
        ServiceProbes probing = probes;
        probes = null;
        if (probing != null) {
            probing.close();
        }
    }

    private void follow(DiscoveryConfig next) {
        if (!next.equals(config.discovery())) {
            ServiceWatcher replacement = sources.watcher(config.name(), next, pool);
            watcher.close();
            pool.resolve(Map.of());
            watcher = replacement;
            replacement.start();
        }
    }

    private void judgeBy(@Nullable CheckConfig next) {
        ServiceChecks running = checks;
        if (next == null) {
            checks = null;
            if (running != null) {
                running.close();
                judgeAll();
            }
        } else if (running == null) {
            checks = sources.checks(config.name(), next, this::onCheck);
            checkCurrentMembers();
        } else if (!next.equals(config.check())) {
            running.reconfigure(next);
        }
    }

    private void probeBy(@Nullable LifecycleConfig next) {
        ServiceProbes probing = probes;
        if (next == null || !next.probes()) {
            probes = null;
            if (probing != null) {
                probing.close();
                judgeAll();
            }
        } else if (probing == null) {
            probes = sources.probes(config.name(), next, this::onProbe);
            checkCurrentMembers();
        } else {
            probing.reconfigure(next);
        }
    }

    private void onCheck(EndpointId endpoint, HealthVerdict verdict) {
        if (probes == null) {
            pool.onVerdict(endpoint, verdict);
        } else {
            sources.control().execute(() -> judge(endpoint));
        }
    }

    private void onProbe(EndpointId endpoint, HealthVerdict verdict) {
        if (checks == null) {
            pool.onVerdict(endpoint, verdict);
        } else {
            sources.control().execute(() -> judge(endpoint));
        }
    }

    /** On the control thread, so that of two judges who change their minds at once the last one is heard last. */
    private void judge(EndpointId endpoint) {
        ServiceChecks running = checks;
        CheckReport report = running == null ? null : running.report(endpoint);
        ServiceProbes probing = probes;
        pool.onVerdict(
                endpoint,
                JointVerdict.of(
                        report == null ? null : report.verdict(), probing == null ? null : probing.verdict(endpoint)));
    }

    private void suspect(EndpointId endpoint, ErrorReaction reaction, String reason) {
        ServiceChecks running = checks;
        if (running != null) {
            running.suspect(endpoint, reaction, reason);
        }
    }

    /** Without a judge nothing would ever bring a failing member back. */
    private void judgeAll() {
        sources.control()
                .execute(() -> pool.snapshot().members().stream()
                        .filter(member -> member.leader() == null)
                        .forEach(member -> judge(member.id())));
    }

    /** On the control thread, behind the registration of the observer, so that no snapshot falls between the two. */
    private void checkCurrentMembers() {
        sources.control().execute(() -> checkMembersOf(pool.snapshot()));
    }

    private void checkMembersOf(PoolSnapshot snapshot) {
        ServiceChecks running = checks;
        ServiceProbes probing = probes;
        if (running == null && probing == null) {
            return;
        }
        judged = judged(snapshot);
        if (probing != null) {
            probing.reconcile(judged, serving(snapshot)::contains);
        }
        if (running != null) {
            running.reconcile(checkable(judged));
        }
    }

    private static Set<EndpointId> serving(PoolSnapshot snapshot) {
        return snapshot.members().stream()
                .filter(member -> member.verdict().admitsTraffic())
                .map(Member::id)
                .collect(Collectors.toSet());
    }

    /** Returns the endpoints of the members that are not in maintenance and follow nobody. */
    private static List<Endpoint> judged(PoolSnapshot snapshot) {
        return snapshot.members().stream()
                .filter(member -> member.adminState() != AdminState.MAINT && member.leader() == null)
                .map(Member::endpoint)
                .toList();
    }

    /** Returns those whose options do not except them from checks. */
    private static List<Endpoint> checkable(List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> !EndpointOptions.parse(endpoint.options()).unchecked())
                .toList();
    }
}
