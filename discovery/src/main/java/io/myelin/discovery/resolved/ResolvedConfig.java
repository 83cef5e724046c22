package io.myelin.discovery.resolved;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.dns.DnsOptions;

/**
 * A source of endpoints whose hosts are names, each of which stands for as many endpoints as it has addresses:
 * Synapse's {@code zookeeper_dns}.
 *
 * @param source what is followed
 * @param options how names are resolved
 */
public record ResolvedConfig(DiscoveryConfig source, DnsOptions options) implements DiscoveryConfig {}
