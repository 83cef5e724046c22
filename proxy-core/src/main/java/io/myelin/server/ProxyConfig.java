package io.myelin.server;

import io.myelin.pool.PoolConfig;
import java.util.List;

/**
 * Everything the data plane serves.
 *
 * @param pools with unique names
 * @param listeners with unique names, routed to {@code pools}
 */
public record ProxyConfig(List<PoolConfig> pools, List<ListenerConfig> listeners) {
    public ProxyConfig {
        pools = List.copyOf(pools);
        listeners = List.copyOf(listeners);
    }
}
