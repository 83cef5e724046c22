package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.http.ClientConfig;
import io.myelin.http.HttpRules;
import io.myelin.log.AccessConfig;
import io.myelin.model.Protocol;
import io.myelin.route.RouteConfig;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import io.myelin.tls.TlsConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listener before it is known which services can be used.
 *
 * @param name the service's or the frontend's
 * @param where the key that defines it
 * @param routes tried in order
 * @param fallback the service that takes what no route takes, {@code null} for none
 * @param intake how it takes up connections
 * @param maxConnections how many clients it may have at once, 0 for any number
 * @param rules what is done to messages before a service is chosen
 * @param routeRules what is done to requests once a route has taken them, in the order of the routes
 * @param accessLog what is logged, {@code null} for nothing
 */
record ListenerDraft(
        String name,
        Where where,
        List<Bind> binds,
        Protocol protocol,
        List<Route> routes,
        @Nullable String fallback,
        Duration clientTimeout,
        ClientConfig client,
        Intake intake,
        int maxConnections,
        HttpRules rules,
        List<HttpRules> routeRules,
        @Nullable AccessConfig accessLog) {
    /** A listener whose routes do nothing to requests but to take them. */
    ListenerDraft(
            String name,
            Where where,
            List<Bind> binds,
            Protocol protocol,
            List<Route> routes,
            @Nullable String fallback,
            Duration clientTimeout,
            ClientConfig client,
            Intake intake,
            int maxConnections,
            HttpRules rules,
            @Nullable AccessConfig accessLog) {
        this(
                name,
                where,
                binds,
                protocol,
                routes,
                fallback,
                clientTimeout,
                client,
                intake,
                maxConnections,
                rules,
                List.of(),
                accessLog);
    }

    /** An address, and where it is written. */
    record Bind(BindAddress address, Where where) {
        /** Returns the same address, encrypted in another way. */
        Bind withTls(@Nullable TlsConfig tls) {
            return new Bind(address.with(address.options().withTls(tls)), where);
        }
    }

    ListenerDraft {
        binds = List.copyOf(binds);
        routes = List.copyOf(routes);
        routeRules = List.copyOf(routeRules);
    }

    /** Returns this listener with other routes. */
    ListenerDraft withRoutes(List<Route> newRoutes) {
        return with(newRoutes, rules, routeRules);
    }

    /** Returns this listener with rules for its routes, in their order. */
    ListenerDraft withRouteRules(List<HttpRules> newRules) {
        return with(routes, rules, newRules);
    }

    /** Returns this listener doing something else to messages. */
    ListenerDraft withRules(HttpRules newRules) {
        return with(routes, newRules, routeRules);
    }

    private ListenerDraft with(List<Route> newRoutes, HttpRules newRules, List<HttpRules> newRouteRules) {
        return new ListenerDraft(
                name,
                where,
                binds,
                protocol,
                newRoutes,
                fallback,
                clientTimeout,
                client,
                intake,
                maxConnections,
                newRules,
                newRouteRules,
                accessLog);
    }

    /**
     * Returns the listener, {@code null} if it has no address or nothing to serve. It may route to a service that
     * cannot be used: whoever runs it decides what becomes of those requests, which no other service must get.
     */
    @Nullable
    ListenerConfig toConfig() {
        if (binds.isEmpty() || (protocol == Protocol.TCP && fallback == null)) {
            return null;
        }
        List<BindAddress> addresses = binds.stream().map(Bind::address).toList();
        return ListenerConfig.of(name, addresses, protocol, new RouteConfig(routes, fallback))
                .with()
                .clientTimeout(clientTimeout)
                .client(client)
                .entrance(intake.entrance())
                .access(intake.access())
                .tcpKeepAlive(intake.tcpKeepAlive())
                .maxConnections(maxConnections)
                .rules(rules)
                .routeRules(routeRules)
                .accessLog(accessLog)
                .build();
    }
}
