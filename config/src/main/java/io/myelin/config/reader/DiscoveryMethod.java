package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} sections of one method. */
@FunctionalInterface
interface DiscoveryMethod {
    /** Returns what {@code discovery} says, {@code null} if it cannot be used and that was reported. */
    @Nullable
    DiscoveryConfig read(Section discovery);

    /** Returns the keys that such a section may have. */
    default Keys keys() {
        return Keys.DISCOVERY;
    }
}
