package io.myelin.launcher.process;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.health.CheckConfig;
import io.myelin.health.Checker;
import io.myelin.health.ServiceChecks;
import io.myelin.pool.Pool;
import java.util.concurrent.Executor;

/**
 * What all services of the process share to learn about their endpoints.
 *
 * @param watchers one connection per registry, whatever the number of services
 * @param checker runs the checks of all services
 * @param control the control thread
 */
record Sources(Watchers watchers, Checker checker, Executor control) implements AutoCloseable {
    ServiceWatcher watcher(String service, DiscoveryConfig config, Pool pool) {
        return watchers.watch(service, config, pool);
    }

    ServiceChecks checks(String service, CheckConfig config, Pool pool) {
        return checker.watch(service, config, pool);
    }

    @Override
    public void close() {
        watchers.close();
        checker.close();
    }
}
