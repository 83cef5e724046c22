package io.myelin.files;

import java.util.Map;

/**
 * What a state file says.
 *
 * @param pools by name
 * @param configurations texts that registries kept for services, by service
 */
public record RememberedState(Map<String, RememberedPool> pools, Map<String, String> configurations) {
    public static final RememberedState NOTHING = new RememberedState(Map.of(), Map.of());

    public RememberedState {
        pools = Map.copyOf(pools);
        configurations = Map.copyOf(configurations);
    }
}
