package io.myelin.health.replica;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to run, and what it needs of the rest of the process.
 *
 * @param services with unique names
 * @param externalPorts on which listeners are bound, by pool; one that could not be bound is missing
 * @param pools returns the pool of a binding, {@code null} if there is none
 * @param variables what replicas are told
 * @param runDirectory where the replicas that run are written down, for a later start that follows a crash
 */
public record ReplicaPlan(
        List<ReplicatedConfig> services,
        Map<String, Integer> externalPorts,
        Function<String, @Nullable ReplicaPool> pools,
        ReplicaVariables variables,
        Path runDirectory) {
    public ReplicaPlan {
        services = List.copyOf(services);
        externalPorts = Map.copyOf(externalPorts);
    }
}
