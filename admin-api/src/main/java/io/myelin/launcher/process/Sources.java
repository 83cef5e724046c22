package io.myelin.launcher.process;

import io.myelin.admin.CheckCounts;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckCounter;
import io.myelin.health.Checker;
import io.myelin.health.ServiceChecks;
import io.myelin.model.EndpointSink;
import io.myelin.pool.Pool;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What all services of the process share to learn about their endpoints.
 *
 * @param watchers one connection per registry, whatever the number of services
 * @param checker runs the checks of all services
 * @param registry hears of the configuration that registries keep
 * @param control the control thread
 */
record Sources(Watchers watchers, Checker checker, RegistryConfig registry, Executor control) implements AutoCloseable {
    ServiceWatcher watcher(String service, DiscoveryConfig config, EndpointSink endpoints) {
        return watchers.watch(
                service, config, new ConfiguredSink(endpoints, sections -> registry.offer(service, sections)));
    }

    ServiceChecks checks(String service, CheckConfig config, Pool pool) {
        return checker.watch(service, config, pool);
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
        checker.close();
    }
}
