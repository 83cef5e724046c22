package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.resolved.ResolvedConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose registry holds names for hosts. */
final class ResolvedDiscovery implements DiscoveryMethod {
    private final DiscoveryMethod source;

    /** Creates the reader of sections that say what {@code source} says, and how names are resolved. */
    ResolvedDiscovery(DiscoveryMethod source) {
        this.source = source;
    }

    @Override
    public Keys keys() {
        return source.keys().and(Keys.of(List.of("nameserver", "check_interval", "min_ttl"), List.of()));
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        DiscoveryConfig read = source.read(discovery);
        return read == null ? null : new ResolvedConfig(read, DnsDiscovery.options(discovery));
    }
}
