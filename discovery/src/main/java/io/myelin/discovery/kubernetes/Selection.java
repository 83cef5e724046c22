package io.myelin.discovery.kubernetes;

import io.myelin.discovery.kubernetes.AddressGroup.Address;
import io.myelin.discovery.kubernetes.AddressGroup.Port;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one configuration makes of the objects of Kubernetes: addresses that are ready, each once, with a port. */
@OwnedBy(Owner.REGISTRY)
final class Selection {
    private static final String HTTP = "http";

    private final KubernetesConfig config;
    private final Map<EndpointId, Endpoint> endpoints = new LinkedHashMap<>();
    private String problem = "";

    private Selection(KubernetesConfig config) {
        this.config = config;
    }

    /** Returns what {@code config} makes of {@code objects}. */
    static Selection of(Collection<ServiceObject> objects, KubernetesConfig config) {
        Selection selection = new Selection(config);
        Set<String> pods = podsWithIpv4(objects);
        for (ServiceObject object : objects) {
            object.groups().forEach(group -> selection.add(object, group, pods));
        }
        return selection;
    }

    List<Endpoint> endpoints() {
        return List.copyOf(endpoints.values());
    }

    /** Returns why addresses were left out that should have been used, empty if none were. */
    String problem() {
        return problem;
    }

    /** A service of both families lists each of its pods twice. */
    private static Set<String> podsWithIpv4(Collection<ServiceObject> objects) {
        Set<String> pods = new HashSet<>();
        objects.forEach(object -> object.groups()
                .forEach(group -> group.addresses().stream()
                        .filter(address -> !address.ipv6())
                        .forEach(address -> pods.add(address.pod()))));
        return pods;
    }

    private void add(ServiceObject object, AddressGroup group, Set<String> podsWithIpv4) {
        List<Address> addresses = group.addresses().stream()
                .filter(address -> !address.pod().isEmpty() || !config.podsOnly())
                .filter(address -> !address.ipv6() || address.pod().isEmpty() || !podsWithIpv4.contains(address.pod()))
                .toList();
        if (addresses.isEmpty()) {
            return;
        }
        Integer port = port(group.ports());
        if (port != null) {
            addresses.forEach(address -> put(address, port));
        } else if (config.port().kind() != PortRule.Kind.PLUGIN) {
            problem = object.name() + " has " + (group.ports().isEmpty() ? "no ports" : "ports " + group.ports())
                    + " (expected: " + expected() + ")";
        }
    }

    private void put(Address address, int port) {
        Endpoint endpoint = Endpoint.of(address.pod(), address.host(), port).withLabels(address.labels());
        endpoints.putIfAbsent(endpoint.id(), endpoint);
    }

    private @Nullable Integer port(List<Port> all) {
        PortRule rule = config.port();
        List<Port> ports = rule.kind() == PortRule.Kind.PLUGIN
                ? all
                : all.stream().filter(Port::tcp).toList();
        return switch (rule.kind()) {
            case ONLY, PLUGIN ->
                ports.size() == 1 ? Integer.valueOf(ports.get(0).number()) : named(ports, HTTP);
            case NAME -> named(ports, rule.name());
            // A service may have no ports at all, and still addresses.
            case NUMBER ->
                all.isEmpty() || ports.stream().anyMatch(port -> port.number() == rule.number())
                        ? Integer.valueOf(rule.number())
                        : null;
        };
    }

    private static @Nullable Integer named(List<Port> ports, String name) {
        List<Integer> numbers = new ArrayList<>();
        ports.stream().filter(port -> port.name().equals(name)).forEach(port -> numbers.add(port.number()));
        return numbers.isEmpty() ? null : numbers.get(0);
    }

    private String expected() {
        PortRule rule = config.port();
        return switch (rule.kind()) {
            case NAME -> "one that is called " + rule.name();
            case NUMBER -> "port " + rule.number();
            default -> "one port, one that is called http, or the name or number of one of them in port";
        };
    }
}
