package io.myelin.route;

import io.myelin.pool.Pool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which pool each request of a listener belongs to. Immutable; replaced whole. */
public final class RouteTable {
    private final RouteIndex index;
    private final Pool[] pools;
    private final @Nullable Pool fallback;

    private RouteTable(RouteIndex index, Pool[] pools, @Nullable Pool fallback) {
        this.index = index;
        this.pools = pools;
        this.fallback = fallback;
    }

    /**
     * Returns the table that {@code config} describes.
     *
     * @throws IllegalArgumentException if it names a pool that {@code pools} lacks
     */
    public static RouteTable of(RouteConfig config, Map<String, Pool> pools) {
        List<RouteConfig.Route> routes = config.routes();
        String defaultPool = config.defaultPool();
        return new RouteTable(
                new RouteIndex(routes.stream()
                        .map(route -> ConditionParts.bound(route.when(), pools))
                        .toArray(Condition[]::new)),
                routes.stream().map(route -> pool(route.pool(), pools)).toArray(Pool[]::new),
                defaultPool == null ? null : pool(defaultPool, pools));
    }

    /** Returns the pool that takes {@code request}, {@code null} if none does. */
    public @Nullable Pool route(RequestView request) {
        return pool(first(request));
    }

    /** Returns the number of the route that takes {@code request}, from 0; as many as there are if none does. */
    public int first(RequestView request) {
        return index.first(request);
    }

    /** Returns the pool of the route of that number, that of the fallback for any other, {@code null} for none. */
    public @Nullable Pool pool(int route) {
        return route < pools.length ? pools[route] : fallback;
    }

    /** Returns the pool that takes whatever comes, {@code null} unless there is exactly one such. */
    public @Nullable Pool only() {
        return pools.length == 0 ? fallback : null;
    }

    /** Returns the pool that takes what no route takes, {@code null} if none does. */
    public @Nullable Pool fallback() {
        return fallback;
    }

    private static Pool pool(String name, Map<String, Pool> pools) {
        Pool pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("route to pool " + name + " (expected: the name of a service)");
        }
        return pool;
    }
}
