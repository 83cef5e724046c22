package io.myelin.launcher.process;

import io.myelin.admin.CheckCounts;
import io.myelin.admin.ProbedInstance;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckCounter;
import io.myelin.health.Checker;
import io.myelin.health.ServiceChecks;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LoopLifecycleMonitor;
import io.myelin.health.lifecycle.RestartHooks;
import io.myelin.health.lifecycle.ServiceProbes;
import io.myelin.model.Clock;
import io.myelin.model.EndpointSink;
import io.myelin.model.VerdictSink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What all services of the process share to learn about their endpoints.
 *
 * @param watchers one connection per registry, whatever the number of services
 * @param checker runs the checks of all services
 * @param monitor runs the probes of all services
 * @param hooks calls what restarts instances
 * @param registry hears of the configuration that registries keep
 * @param control the control thread
 * @param clock dates what is concluded
 */
record Sources(
        Watchers watchers,
        Checker checker,
        LoopLifecycleMonitor monitor,
        RestartHooks hooks,
        RegistryConfig registry,
        Executor control,
        Clock clock)
        implements AutoCloseable {
    /** Creates what probes and calls hooks on top of what is given. */
    Sources(Watchers watchers, Checker checker, RegistryConfig registry, Executor control, Clock clock) {
        this(
                watchers,
                checker,
                new LoopLifecycleMonitor(checker, clock),
                new RestartHooks(clock),
                registry,
                control,
                clock);
    }

    ServiceWatcher watcher(String service, DiscoveryConfig config, EndpointSink endpoints) {
        return watchers.watch(
                service, config, new ConfiguredSink(endpoints, sections -> registry.offer(service, sections)));
    }

    ServiceChecks checks(String service, CheckConfig config, VerdictSink verdicts) {
        return checker.watch(service, config, verdicts);
    }

    ServiceProbes probes(String service, LifecycleConfig config, VerdictSink verdicts) {
        return new ServiceProbes(service, config, monitor, hooks, verdicts, clock);
    }

    /** Returns the instances that are probed; any thread. */
    List<ProbedInstance> probed() {
        return monitor.probed().stream()
                .map(probed -> ProbedInstances.of(
                        probed,
                        hooks.report(
                                probed.subject().service(), probed.subject().name())))
                .toList();
    }

    /** Returns what was counted about the checks of a service, {@code null} if nothing was checked; any thread. */
    @Nullable
    CheckCounts checkCounts(String service) {
        long begun = checker.total(service, CheckCounter.RUN);
        return begun == 0
                ? null
                : new CheckCounts(
                        begun,
                        checker.total(service, CheckCounter.PASSED),
                        checker.total(service, CheckCounter.FAILED),
                        checker.total(service, CheckCounter.TRANSITIONS),
                        checker.total(service, CheckCounter.ALARMS));
    }

    /** Returns what the clients of the registries have counted, by metric name; any thread. */
    Map<String, Long> registryCounts() {
        Map<String, Long> counts = new TreeMap<>(watchers.counts());
        counts.putAll(registry.counts());
        return counts;
    }

    @Override
    public void close() {
        watchers.close();
        monitor.close();
        hooks.close();
        checker.close();
    }
}
