package io.myelin.config;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.health.CheckConfig;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.http.HttpRules;
import io.myelin.pool.PoolConfig;
import io.myelin.server.ListenerConfig;
import org.jspecify.annotations.Nullable;

/**
 * One service: where its endpoints come from, how they are checked, how traffic reaches them.
 *
 * @param name unique in the process; also the name of {@code pool} and {@code listener}
 * @param check {@code null} if members are not checked and count as up
 * @param listener {@code null} if the service is reached through shared frontends only
 * @param rules what is done to its messages whatever listener they come by
 * @param lifecycle by which probes its endpoints become ready, {@code null} for none; those of replicas that this
 *     process runs are in {@link ApplicationConfig}
 */
public record ServiceConfig(
        String name,
        DiscoveryConfig discovery,
        PoolConfig pool,
        @Nullable CheckConfig check,
        @Nullable ListenerConfig listener,
        HttpRules rules,
        @Nullable LifecycleConfig lifecycle) {
    /** A service whose endpoints have no probes. */
    public ServiceConfig(
            String name,
            DiscoveryConfig discovery,
            PoolConfig pool,
            @Nullable CheckConfig check,
            @Nullable ListenerConfig listener,
            HttpRules rules) {
        this(name, discovery, pool, check, listener, rules, null);
    }
}
