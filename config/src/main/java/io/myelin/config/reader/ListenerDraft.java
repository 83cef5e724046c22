package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.http.ClientConfig;
import io.myelin.model.Protocol;
import io.myelin.route.Condition;
import io.myelin.route.RouteConfig;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener before it is known which services can be used.
 *
 * @param name the service's or the frontend's
 * @param where the key that defines it
 * @param routes tried in order
 * @param fallback the service that takes what no route takes, {@code null} for none
 */
record ListenerDraft(
        String name,
        Where where,
        List<Bind> binds,
        Protocol protocol,
        List<Route> routes,
        @Nullable String fallback,
        Duration clientTimeout,
        ClientConfig client) {
    /** An address, and where it is written. */
    record Bind(BindAddress address, Where where) {}

    ListenerDraft {
        binds = List.copyOf(binds);
        routes = List.copyOf(routes);
    }

    /**
     * Returns the listener, {@code null} if it has no address or nothing to serve.
     *
     * @param usable the services that traffic can be given to
     */
    @Nullable
    ListenerConfig toConfig(Set<String> usable) {
        boolean unserved = fallback == null || !usable.contains(fallback);
        if (binds.isEmpty() || (protocol == Protocol.TCP && unserved)) {
            return null;
        }
        List<BindAddress> addresses = binds.stream().map(Bind::address).toList();
        return new ListenerConfig(name, addresses, protocol, routing(usable), clientTimeout, client);
    }

    /** Returns the routing in which requests for a service that cannot be used are refused, and not sent elsewhere. */
    private RouteConfig routing(Set<String> usable) {
        List<Condition> refused = new ArrayList<>();
        List<Route> kept = new ArrayList<>();
        for (Route route : routes) {
            if (usable.contains(route.pool())) {
                kept.add(new Route(unless(refused, route.when()), route.pool()));
            } else {
                refused.add(route.when());
            }
        }
        String last = fallback != null && usable.contains(fallback) ? fallback : null;
        if (last == null || refused.isEmpty()) {
            return new RouteConfig(kept, last);
        }
        kept.add(new Route(unless(refused, Condition.ALWAYS), last));
        return new RouteConfig(kept, null);
    }

    private static Condition unless(List<Condition> refused, Condition condition) {
        return refused.isEmpty()
                ? condition
                : new Condition.All(List.of(condition, new Condition.Not(new Condition.Any(refused))));
    }
}
