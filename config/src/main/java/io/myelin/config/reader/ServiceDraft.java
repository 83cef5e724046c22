package io.myelin.config.reader;

import io.myelin.config.ServiceConfig;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.FrontendRules.Rule;
import io.myelin.config.haproxy.Line;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.health.CheckConfig;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.http.HttpRules;
import io.myelin.pool.PoolConfig;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.ListenerConfig;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A service before it is compared with the others.
 *
 * @param alias what {@code use_backend} lines may call it beside its name
 * @param check {@code null} for none
 * @param track whom members follow, {@code null} for nobody
 * @param listener without the routes of {@code rules}; {@code null} for none
 * @param rules what its own frontend lines send to other services
 * @param routes what brings it traffic from native frontends
 * @param sharedLines what it adds to the shared frontend
 * @param messageRules what is done to its messages whatever listener they come by
 * @param lifecycle by which probes its members become ready, {@code null} for none
 * @param replicated what is run of it here, {@code null} for nothing
 */
record ServiceDraft(
        String name,
        String alias,
        Where where,
        DiscoveryConfig discovery,
        PoolConfig pool,
        @Nullable CheckConfig check,
        @Nullable TrackDraft track,
        @Nullable ListenerDraft listener,
        List<Rule> rules,
        List<NativeRoute> routes,
        List<Line> sharedLines,
        HttpRules messageRules,
        @Nullable LifecycleConfig lifecycle,
        @Nullable Replicated replicated) {

    ServiceDraft {
        rules = List.copyOf(rules);
        routes = List.copyOf(routes);
        sharedLines = List.copyOf(sharedLines);
    }

    /** Returns a service of another name with the same members, to which no traffic comes. */
    ServiceDraft copy(String newName) {
        return new ServiceDraft(
                newName,
                newName,
                where.of(newName),
                discovery,
                pool.with().name(newName).build(),
                check,
                track,
                null,
                List.of(),
                List.of(),
                List.of(),
                messageRules,
                lifecycle,
                null);
    }

    /** Returns this service with another pool. */
    ServiceDraft withPool(UnaryOperator<PoolConfig.Builder> change) {
        return with(change.apply(pool.with()).build(), listener, messageRules);
    }

    /** Returns this service with its own listener sending to {@code routes} first. */
    ServiceDraft withRoutes(List<Route> newRoutes) {
        return with(pool, listener == null ? null : listener.withRoutes(newRoutes), messageRules);
    }

    /** Returns this service doing something else to messages, at its own listener and wherever they come by. */
    ServiceDraft withRules(UnaryOperator<HttpRules> change) {
        ListenerDraft changed = listener == null ? null : listener.withRules(change.apply(listener.rules()));
        return with(pool, changed, change.apply(messageRules));
    }

    private ServiceDraft with(PoolConfig newPool, @Nullable ListenerDraft newListener, HttpRules newMessageRules) {
        return new ServiceDraft(
                name,
                alias,
                where,
                discovery,
                newPool,
                check,
                track,
                newListener,
                rules,
                routes,
                sharedLines,
                newMessageRules,
                lifecycle,
                replicated);
    }

    ServiceConfig toConfig() {
        ListenerConfig bound = listener == null ? null : listener.toConfig();
        return new ServiceConfig(name, discovery, pool, check, bound, messageRules, lifecycle);
    }
}
