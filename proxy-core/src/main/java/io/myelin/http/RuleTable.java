package io.myelin.http;

import io.myelin.pool.Pool;
import io.myelin.route.ConditionParts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules that the exchanges of one listener are subject to: its own, and those of the pools. Immutable. */
public final class RuleTable {
    private final String listener;
    private final HttpRules own;
    private final List<HttpRules> byRoute;
    private final Map<Pool, HttpRules> byPool;

    private RuleTable(String listener, HttpRules own, List<HttpRules> byRoute, Map<Pool, HttpRules> byPool) {
        this.listener = listener;
        this.own = own;
        this.byRoute = List.copyOf(byRoute);
        this.byPool = byPool;
    }

    /**
     * Returns the table of a listener, {@code null} if there are no rules.
     *
     * @param listener its name
     * @param own its own rules
     * @param byRoute what is done to the requests of each route, in their order; those that are left out have none
     * @param services the rules of the pools; what the listener does already is not done again for them
     * @param pools those that conditions may ask, by name
     */
    public static @Nullable RuleTable of(
            String listener,
            HttpRules own,
            List<HttpRules> byRoute,
            Map<Pool, HttpRules> services,
            Map<String, Pool> pools) {
        Map<Pool, HttpRules> byPool = new HashMap<>();
        services.forEach((pool, rules) -> {
            HttpRules rest = rules.without(own);
            if (!rest.isEmpty()) {
                byPool.put(pool, bound(rest, pools));
            }
        });
        boolean none = own.isEmpty() && byPool.isEmpty() && byRoute.stream().allMatch(HttpRules::isEmpty);
        List<HttpRules> ofRoutes =
                byRoute.stream().map(rules -> bound(rules, pools)).toList();
        return none ? null : new RuleTable(listener, bound(own, pools), ofRoutes, byPool);
    }

    private static HttpRules bound(HttpRules rules, Map<String, Pool> pools) {
        return rules.mapped(rule -> new HttpRule(ConditionParts.bound(rule.when(), pools), rule.action()));
    }

    String listener() {
        return listener;
    }

    HttpRules own() {
        return own;
    }

    /** Returns the rules of the route of that number, none if there is none. */
    HttpRules ofRoute(int route) {
        return route < byRoute.size() ? byRoute.get(route) : HttpRules.NONE;
    }

    HttpRules of(@Nullable Pool pool) {
        HttpRules rules = pool == null ? null : byPool.get(pool);
        return rules == null ? HttpRules.NONE : rules;
    }
}
