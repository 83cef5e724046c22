package io.myelin.discovery.resolved;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.dns.DnsOptions;
import java.util.Set;

/**
 * A source of endpoints whose hosts are names, each of which stands for as many endpoints as it has addresses:
 * Synapse's {@code zookeeper_dns}.
 *
 * @param source what is followed
 * @param options how names are resolved
 * @param defaultHosts the names among the hosts of default servers, which are resolved in the same way
 */
public record ResolvedConfig(DiscoveryConfig source, DnsOptions options, Set<String> defaultHosts)
        implements DiscoveryConfig {
    public ResolvedConfig {
        defaultHosts = Set.copyOf(defaultHosts);
    }
}
