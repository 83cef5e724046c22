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
 * @param maxConnections how many client connections may be open at once at all listeners together, 0 for any number;
 *     others wait to be accepted
 * @param rules what is done to the messages of some pools, by their names, whichever listener they come by
 */
public record ProxyConfig(
        List<PoolConfig> pools, List<ListenerConfig> listeners, int maxConnections, Map<String, HttpRules> rules) {
    public ProxyConfig {
        if (maxConnections < 0) {
            throw new IllegalArgumentException("max_connections: " + maxConnections + " (expected: >= 0)");
        }
        pools = List.copyOf(pools);
        listeners = List.copyOf(listeners);
        rules = Map.copyOf(rules);
    }

    /** Creates a configuration for any number of client connections, in which no pool has rules. */
    public ProxyConfig(List<PoolConfig> pools, List<ListenerConfig> listeners) {
        this(pools, listeners, 0, Map.of());
    }
}
