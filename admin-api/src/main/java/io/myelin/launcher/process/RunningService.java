package io.myelin.launcher.process;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.config.ServiceConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.health.CheckConfig;
import io.myelin.health.ServiceChecks;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import io.myelin.model.ErrorReaction;
import io.myelin.model.HealthVerdict;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What feeds one pool: the watcher that tells it its endpoints and the checks that judge them.
 *
 * <p>One thread starts, changes and closes it; the control thread hands the members of every snapshot to the checks.
 */
final class RunningService implements AutoCloseable {
    private final Pool pool;
    private final Sources sources;
    private volatile ServiceConfig config;
    private volatile ServiceWatcher watcher;
    private volatile @Nullable ServiceChecks checks;
    /** What the checks were last given; control thread. */
    private volatile List<Endpoint> checked = List.of();

    /** Starts feeding {@code pool}. */
    RunningService(ServiceConfig config, Pool pool, Sources sources) {
        this.config = config;
        this.pool = pool;
        this.sources = sources;
        CheckConfig check = config.check();
        this.checks = check == null ? null : sources.checks(config.name(), check, pool);
        this.watcher = sources.watcher(config.name(), config.discovery(), pool);
        pool.observe((changed, before, after) -> {
            if (!checkable(after).equals(checked)) {
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
                forgetVerdicts();
            }
        } else if (running == null) {
            checks = sources.checks(config.name(), next, pool);
            checkCurrentMembers();
        } else if (!next.equals(config.check())) {
            running.reconfigure(next);
        }
    }

    private void suspect(EndpointId endpoint, ErrorReaction reaction, String reason) {
        ServiceChecks running = checks;
        if (running != null) {
            running.suspect(endpoint, reaction, reason);
        }
    }

    /** Without checks nothing would ever bring a failing member back. */
    private void forgetVerdicts() {
        pool.snapshot().members().stream()
                .filter(member -> member.leader() == null)
                .forEach(member -> pool.onVerdict(member.id(), HealthVerdict.UNCHECKED));
    }

    /** On the control thread, behind the registration of the observer, so that no snapshot falls between the two. */
    private void checkCurrentMembers() {
        sources.control().execute(() -> checkMembersOf(pool.snapshot()));
    }

    private void checkMembersOf(PoolSnapshot snapshot) {
        ServiceChecks running = checks;
        if (running != null) {
            checked = checkable(snapshot);
            running.reconcile(checked);
        }
    }

    /**
     * Returns the endpoints of the members that are not in maintenance and have their state from checks of their own.
     */
    private static List<Endpoint> checkable(PoolSnapshot snapshot) {
        return snapshot.members().stream()
                .filter(member -> member.adminState() != AdminState.MAINT && member.leader() == null)
                .map(Member::endpoint)
                .filter(endpoint -> !EndpointOptions.parse(endpoint.options()).unchecked())
                .toList();
    }
}
