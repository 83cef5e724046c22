package io.myelin.server;

import io.myelin.http.HttpRules;
import io.myelin.pool.PoolConfig;
import java.util.List;
import java.util.Map;

/**
 * Everything the data plane serves.
 *
 * @param pools with unique names
 * @param listeners with unique names, routed to {@code pools}
 * @param rules what is done to the messages of some pools, by their names, whichever listener they come by
 */
public record ProxyConfig(List<PoolConfig> pools, List<ListenerConfig> listeners, Map<String, HttpRules> rules) {
    /** Creates a configuration in which no pool has rules. */
    public ProxyConfig(List<PoolConfig> pools, List<ListenerConfig> listeners) {
        this(pools, listeners, Map.of());
    }

    public ProxyConfig {
        pools = List.copyOf(pools);
        listeners = List.copyOf(listeners);
        rules = Map.copyOf(rules);
    }
}
