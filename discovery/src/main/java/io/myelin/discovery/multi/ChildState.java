package io.myelin.discovery.multi;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.model.DeliveryRules;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.Part;
import io.myelin.model.SourceStatus.State;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one of several sources has said so far. */
@OwnedBy(Owner.REGISTRY)
final class ChildState {
    private final MultiConfig.Child config;
    private DeliveryRules rules;
    private Map<String, List<String>> addresses = Map.of();
    private List<Endpoint> delivered = List.of();
    private List<Endpoint> remembered = List.of();
    private List<Endpoint> endpoints;
    private String origin = "";
    private String sections = "";
    private boolean spoken;
    private @Nullable SourceStatus status;

    ChildState(MultiConfig.Child config) {
        this.config = config;
        this.rules = config.rules();
        this.endpoints = rules.initial();
    }

    void replace(EndpointSet set) {
        if (!set.endpoints().isEmpty()) {
            remembered = set.endpoints();
        }
        delivered = set.endpoints();
        endpoints = rules.fold(remembered, delivered);
        origin = set.origin();
        spoken = true;
    }

    void resolve(Map<String, List<String>> found) {
        addresses = Map.copyOf(found);
        rules = config.rules().resolved(addresses);
        endpoints = spoken ? rules.fold(remembered, delivered) : rules.initial();
    }

    /** Returns where it finds default servers whose hosts are names. */
    Map<String, List<String>> addresses() {
        return addresses;
    }

    void report(SourceStatus newStatus) {
        status = newStatus;
    }

    void configure(String newSections) {
        sections = newSections;
    }

    String name() {
        return config.name();
    }

    /** Returns what it offers, its default servers if it has delivered nothing. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Returns whether it has delivered a set, or never will. */
    boolean spoken() {
        return spoken || config.discovery() instanceof DiscoveryConfig.Fixed;
    }

    /** Returns whether it offers something and is in touch with its registry, if it has one. */
    boolean usable() {
        return state() == State.LIVE && !endpoints.isEmpty();
    }

    /** Returns the configuration that its registry keeps for the service, empty for none. */
    String sections() {
        return sections;
    }

    /** Returns where its endpoints came from, for people. */
    String origin() {
        return origin.isEmpty() ? name() : name() + ": " + origin;
    }

    /** Returns how far it can be believed; a source that never says so always can. */
    State state() {
        return status == null ? State.LIVE : status.state();
    }

    long syncedMillis() {
        return status == null ? 0 : status.syncedMillis();
    }

    /** Returns its last error, empty if there is none. */
    String error() {
        return status == null || status.error().isEmpty() ? "" : name() + ": " + status.error();
    }

    Part part(boolean serving) {
        SourceStatus own = status == null ? new SourceStatus("default servers", State.LIVE, 0, 0, "") : status;
        return new Part(name(), serving, endpoints.size(), own);
    }
}
