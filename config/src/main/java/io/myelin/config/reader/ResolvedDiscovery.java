package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.resolved.ResolvedConfig;
import io.myelin.model.Endpoint;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose registry holds names for hosts. */
final class ResolvedDiscovery implements DiscoveryMethod {
    private final DiscoveryMethod source;
    private final Set<String> defaultHosts;

    /**
     * Creates the reader of sections that say what {@code source} says, and how names are resolved.
     *
     * @param defaults the default servers, whose names are resolved in the same way
     */
    ResolvedDiscovery(DiscoveryMethod source, List<Endpoint> defaults) {
        this.source = source;
        this.defaultHosts = defaults.stream()
                .filter(endpoint -> !endpoint.unix())
                .map(Endpoint::host)
                .filter(host -> !NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host))
                .collect(Collectors.toSet());
    }

    @Override
    public Keys keys() {
        return source.keys().and(Keys.of(List.of("nameserver", "check_interval", "min_ttl"), List.of()));
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        DiscoveryConfig read = source.read(discovery);
        return read == null ? null : new ResolvedConfig(read, DnsDiscovery.options(discovery), defaultHosts);
    }
}
