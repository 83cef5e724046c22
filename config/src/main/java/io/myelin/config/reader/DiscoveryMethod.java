package io.myelin.config.reader;

import io.myelin.discovery.DiscoveryConfig;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} sections of one method. */
interface DiscoveryMethod {
    /** Returns the keys that such a section may have beside those of every section. */
    Keys keys();

    /** Returns what {@code discovery} says, {@code null} if it cannot be used and that was reported. */
    @Nullable
    DiscoveryConfig read(Section discovery);
}
