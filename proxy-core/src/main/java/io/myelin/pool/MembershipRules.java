package io.myelin.pool;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints a pool takes from what its source delivers: Synapse's merge rules.
 *
 * @param defaults the configured servers: the pool's content before the first delivery and when a delivery is empty
 * @param keepDefaults whether {@code defaults} are added to every delivery
 * @param usePrevious whether an empty delivery keeps the previous endpoints when there are no defaults
 * @param portOverride what replaces the port of every delivered endpoint and kept default, {@code null} for nothing
 * @param defaultWeight weight of an endpoint whose source states none or whose weight is not to be used, 0..256
 * @param useRegistryWeights whether a weight stated by the source counts
 * @param backup whether every endpoint of the pool is a backup
 * @param folded whether the source does the merging by itself, so that its deliveries are taken as they come
 */
public record MembershipRules(
        List<Endpoint> defaults,
        boolean keepDefaults,
        boolean usePrevious,
        @Nullable PortOverride portOverride,
        int defaultWeight,
        boolean useRegistryWeights,
        boolean backup,
        boolean folded) {
    /** No defaults; an empty delivery keeps what was there; every endpoint weighs 1. */
    public static final MembershipRules DEFAULT = new MembershipRules(List.of(), false, true, null, 1, false, false);

    public MembershipRules {
        defaults = List.copyOf(defaults);
        if (defaultWeight < 0 || defaultWeight > Endpoint.MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight: " + defaultWeight + " (expected: 0.." + Endpoint.MAX_WEIGHT + ")");
        }
    }

    /** Creates rules for deliveries that are yet to be merged. */
    public MembershipRules(
            List<Endpoint> defaults,
            boolean keepDefaults,
            boolean usePrevious,
            @Nullable PortOverride portOverride,
            int defaultWeight,
            boolean useRegistryWeights,
            boolean backup) {
        this(defaults, keepDefaults, usePrevious, portOverride, defaultWeight, useRegistryWeights, backup, false);
    }

    /** Returns the rules of a pool whose source applies these rules by itself. */
    public MembershipRules whenFolded() {
        return new MembershipRules(
                defaults, keepDefaults, usePrevious, portOverride, defaultWeight, useRegistryWeights, backup, true);
    }

    /**
     * Returns the same rules with each default server whose host is a name at every address of that name.
     *
     * @param addresses IP literals by name; a default of another name stays as it is
     */
    public MembershipRules resolved(Map<String, List<String>> addresses) {
        if (addresses.isEmpty()) {
            return this;
        }
        List<Endpoint> placed = defaults.stream()
                .flatMap(endpoint -> addresses.getOrDefault(endpoint.host(), List.of(endpoint.host())).stream()
                        .map(endpoint::withHost))
                .toList();
        return new MembershipRules(
                placed, keepDefaults, usePrevious, portOverride, defaultWeight, useRegistryWeights, backup, folded);
    }

    /** Returns the content of a pool whose source has said nothing yet. */
    public List<Endpoint> initial() {
        return distinct(defaults);
    }

    /**
     * Returns the pool's content after {@code discovered} was delivered, and {@code previous} before any empty ones.
     */
    public List<Endpoint> fold(List<Endpoint> previous, List<Endpoint> discovered) {
        if (folded) {
            return distinct(discovered);
        }
        List<Endpoint> merged = new ArrayList<>(discovered);
        if (keepDefaults) {
            merged.addAll(defaults);
        }
        List<Endpoint> moved = atOverriddenPorts(merged);
        if (!moved.isEmpty()) {
            return distinct(moved);
        }
        if (!defaults.isEmpty()) {
            return distinct(defaults);
        }
        return usePrevious ? distinct(atOverriddenPorts(previous)) : List.of();
    }

    /** Returns those of {@code discovered} that {@link #fold} leaves out, because an overridden port is no port. */
    List<PassedOver> misfits(List<Endpoint> discovered) {
        if (folded || portOverride == null || !portOverride.relative()) {
            return List.of();
        }
        String reason = "no port is " + portOverride.number() + " from its own (backend_port_override)";
        return discovered.stream()
                .filter(endpoint -> atOverriddenPort(endpoint) == null)
                .map(endpoint -> new PassedOver(endpoint, reason))
                .toList();
    }

    /** Returns the weight that {@code endpoint} has in this pool. */
    public int weightOf(Endpoint endpoint) {
        return weights().applyAsInt(endpoint);
    }

    /** Returns what gives each endpoint of this pool its weight; made once for all of them. */
    ToIntFunction<Endpoint> weights() {
        if (useRegistryWeights) {
            return endpoint -> statedOr(defaultWeight, endpoint);
        }
        Set<Endpoint> configured = configured();
        return endpoint ->
                configured.contains(endpoint) ? statedOr(defaultWeight, endpoint) : optionOr(defaultWeight, endpoint);
    }

    private static int statedOr(int otherwise, Endpoint endpoint) {
        Integer stated = endpoint.weight();
        return stated == null ? optionOr(otherwise, endpoint) : stated;
    }

    /** Returns the weight among the endpoint's own options, which are not what {@code useRegistryWeights} means. */
    private static int optionOr(int otherwise, Endpoint endpoint) {
        Integer option = EndpointOptions.parse(endpoint.options()).weight();
        return option == null ? otherwise : option;
    }

    /** Returns the defaults as these rules deliver them. */
    private Set<Endpoint> configured() {
        Set<Endpoint> configured = new HashSet<>();
        for (Endpoint endpoint : defaults) {
            Endpoint served = backup ? endpoint.withBackup(true) : endpoint;
            configured.add(served);
            Endpoint moved = keepDefaults ? atOverriddenPort(served) : null;
            if (moved != null) {
                configured.add(moved);
            }
        }
        return configured;
    }

    private List<Endpoint> atOverriddenPorts(List<Endpoint> endpoints) {
        if (portOverride == null) {
            return endpoints;
        }
        List<Endpoint> moved = new ArrayList<>(endpoints.size());
        for (Endpoint endpoint : endpoints) {
            Endpoint there = atOverriddenPort(endpoint);
            if (there != null) {
                moved.add(there);
            }
        }
        return moved;
    }

    /** Returns {@code null} for an endpoint that has no port there. */
    private @Nullable Endpoint atOverriddenPort(Endpoint endpoint) {
        return portOverride == null ? endpoint : portOverride.applyTo(endpoint);
    }

    /** Keeps the first of several endpoints with one identity. */
    private List<Endpoint> distinct(List<Endpoint> endpoints) {
        Map<EndpointId, Endpoint> byId = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            byId.putIfAbsent(endpoint.id(), backup ? endpoint.withBackup(true) : endpoint);
        }
        return List.copyOf(byId.values());
    }
}
