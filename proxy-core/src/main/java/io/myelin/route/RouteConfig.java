package io.myelin.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pool each request of a listener belongs to, by name.
 *
 * @param routes tried in order, the first that holds wins
 * @param defaultPool where requests go that no route takes, {@code null} to refuse them
 */
public record RouteConfig(List<Route> routes, @Nullable String defaultPool) {
    public RouteConfig {
        routes = List.copyOf(routes);
    }

    /** Returns the routing of a listener that serves one pool only. */
    public static RouteConfig to(String pool) {
        return new RouteConfig(List.of(), pool);
    }

    /** One rule. */
    public record Route(Condition when, String pool) {}
}
