package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import java.util.List;

/** Reads the {@code discovery} of a service that has its default servers and no others. */
final class FixedDiscovery implements DiscoveryMethod {
    static final DiscoveryConfig CONFIG = new DiscoveryConfig.Fixed();

    @Override
    public Keys keys() {
        return Keys.of(List.of(), List.of());
    }

    @Override
    public DiscoveryConfig read(Section discovery) {
        return CONFIG;
    }
}
