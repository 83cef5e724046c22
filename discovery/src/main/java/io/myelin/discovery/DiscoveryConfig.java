package io.myelin.discovery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the endpoints of one service come from; what it takes to look there belongs to the package of each registry.
 */
public interface DiscoveryConfig {
    /** Only the configured default servers (Synapse's {@code base}). */
    record Fixed() implements DiscoveryConfig {}

    /**
     * What is said to a kind of registry that is not part of the program.
     *
     * @param method its name, in lower case
     * @param section everything that the section says, {@code method} included, as it is written: texts, numbers,
     *     booleans, lists, maps and {@code null}
     */
    record Custom(String method, Map<String, Object> section) implements DiscoveryConfig {
        public Custom {
            section = Collections.unmodifiableMap(new LinkedHashMap<>(section));
        }
    }
}
