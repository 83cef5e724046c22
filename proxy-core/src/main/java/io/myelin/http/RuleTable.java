package io.myelin.http;

import io.myelin.pool.Pool;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules that the exchanges of one listener are subject to: its own, and those of the pools. Immutable. */
public final class RuleTable {
    private final String listener;
    private final HttpRules own;
    private final Map<Pool, HttpRules> byPool;

    private RuleTable(String listener, HttpRules own, Map<Pool, HttpRules> byPool) {
        this.listener = listener;
        this.own = own;
        this.byPool = byPool;
    }

    /**
     * Returns the table of a listener, {@code null} if there are no rules.
     *
     * @param listener its name
     * @param own its own rules
     * @param services the rules of the pools; what the listener does already is not done again for them
     */
    public static @Nullable RuleTable of(String listener, HttpRules own, Map<Pool, HttpRules> services) {
        Map<Pool, HttpRules> byPool = new HashMap<>();
        services.forEach((pool, rules) -> {
            HttpRules rest = rules.without(own);
            if (!rest.isEmpty()) {
                byPool.put(pool, rest);
            }
        });
        return own.isEmpty() && byPool.isEmpty() ? null : new RuleTable(listener, own, byPool);
    }

    String listener() {
        return listener;
    }

    HttpRules own() {
        return own;
    }

    HttpRules of(@Nullable Pool pool) {
        HttpRules rules = pool == null ? null : byPool.get(pool);
        return rules == null ? HttpRules.NONE : rules;
    }
}
