package io.myelin.server;

import io.myelin.pool.PoolConfig;
import java.util.List;

/**
 * Everything the data plane serves.
 *
 * @param pools with unique names
 * @param listeners with unique names, routed to {@code pools}
 * @param maxConnections how many client connections may be open at once at all listeners together, 0 for any number;
 *     others wait to be accepted
 */
public record ProxyConfig(List<PoolConfig> pools, List<ListenerConfig> listeners, int maxConnections) {
    public ProxyConfig {
        if (maxConnections < 0) {
            throw new IllegalArgumentException("max_connections: " + maxConnections + " (expected: >= 0)");
        }
        pools = List.copyOf(pools);
        listeners = List.copyOf(listeners);
    }

    /** Creates a configuration for any number of client connections. */
    public ProxyConfig(List<PoolConfig> pools, List<ListenerConfig> listeners) {
        this(pools, listeners, 0);
    }
}
