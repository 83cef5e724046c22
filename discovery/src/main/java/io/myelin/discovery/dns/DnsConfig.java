package io.myelin.discovery.dns;

import io.myelin.discovery.DiscoveryConfig;
import java.util.List;

/**
 * Names whose addresses are the endpoints of a service (Synapse's {@code dns}).
 *
 * @param servers at least one
 * @param options whom to ask, and how often
 */
public record DnsConfig(List<DnsServer> servers, DnsOptions options) implements DiscoveryConfig {
    public DnsConfig {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: empty (expected: at least one name)");
        }
    }
}
