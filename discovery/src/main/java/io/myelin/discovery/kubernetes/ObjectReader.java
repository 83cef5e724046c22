package io.myelin.discovery.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.kubernetes.AddressGroup.Address;
import io.myelin.discovery.kubernetes.AddressGroup.Port;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Endpoints and EndpointSlices. */
@OwnedBy(Owner.REGISTRY)
final class ObjectReader {
    /*
     * Endpoints (v1): {"metadata": {"name"}, "subsets": null | [{"addresses": [{"ip", "hostname", "nodeName",
     * "targetRef": {"kind", "name"}}], "notReadyAddresses": [...], "ports": [{"name", "port", "protocol"}]}]}.
     * Beyond 1,000 addresses Kubernetes leaves some out and says so in an annotation.
     * EndpointSlice (discovery.k8s.io/v1): {"metadata", "addressType", "endpoints": [{"addresses": [one], "conditions":
     * {"ready", "serving", "terminating"}, "nodeName", "zone", "hints": {"forZones": [{"name"}]}, "targetRef"}],
     * "ports": [...]}; a condition that is not known to be false is taken for true, and "ready" is never true for what
     * is about to end, unless a service wants it so (publishNotReadyAddresses).
     */
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

    private static final String HOST = "[0-9A-Za-z._:-]{1,255}";
    private static final int MAX_PORT = 65_535;

    private int ignored;

    private ObjectReader() {}

    /** Returns what {@code object} says, which is one of {@code resource}. */
    static ServiceObject read(JsonNode object, KubernetesResource resource) throws MalformedObjectException {
        String name = nameOf(object);
        if (name.isEmpty()) {
            throw new MalformedObjectException("an object without name (expected: metadata.name)");
        }
        ObjectReader reader = new ObjectReader();
        List<AddressGroup> groups =
                resource == KubernetesResource.ENDPOINTS ? reader.subsets(object) : List.of(reader.slice(object));
        return new ServiceObject(name, groups, truncated(object), reader.ignored);
    }

    private static boolean truncated(JsonNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(OVER_CAPACITY)
                .asText("")
                .equals("truncated");
    }

    /** Returns the name of {@code object}, empty if it has none. */
    static String nameOf(JsonNode object) {
        return object.path("metadata").path("name").asText("");
    }

    private List<AddressGroup> subsets(JsonNode endpoints) throws MalformedObjectException {
        List<AddressGroup> groups = new ArrayList<>();
        for (JsonNode subset : list(endpoints, "subsets")) {
            List<Address> addresses = new ArrayList<>();
            for (JsonNode address : list(subset, "addresses")) {
                add(address.path("ip").asText(""), address, addresses);
            }
            groups.add(new AddressGroup(addresses, ports(subset)));
        }
        return groups;
    }

    private AddressGroup slice(JsonNode slice) throws MalformedObjectException {
        List<Address> addresses = new ArrayList<>();
        for (JsonNode endpoint : list(slice, "endpoints")) {
            if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                // The addresses of one endpoint are as good as each other; Kubernetes writes one.
                add(endpoint.path("addresses").path(0).asText(""), endpoint, addresses);
            }
        }
        return new AddressGroup(addresses, ports(slice));
    }

    private void add(String host, JsonNode address, List<Address> addresses) {
        if (!host.matches(HOST)) {
            ignored++;
            return;
        }
        JsonNode target = address.path("targetRef");
        boolean pod = target.path("kind").asText("").equalsIgnoreCase("Pod");
        addresses.add(new Address(host, pod ? target.path("name").asText("") : "", labels(address)));
    }

    private static Map<String, String> labels(JsonNode address) {
        Map<String, String> labels = new LinkedHashMap<>();
        put(labels, "node", address.path("nodeName").asText(""));
        put(labels, "zone", address.path("zone").asText(""));
        List<String> zones = new ArrayList<>();
        address.path("hints")
                .path("forZones")
                .forEach(zone -> zones.add(zone.path("name").asText("")));
        put(labels, "zone_hints", String.join(",", zones));
        for (String condition : List.of("serving", "terminating")) {
            put(labels, condition, address.path("conditions").path(condition).asText(""));
        }
        return labels;
    }

    private static void put(Map<String, String> labels, String name, String value) {
        if (!value.isEmpty() && !value.equals("null")) {
            labels.put(name, value);
        }
    }

    private List<Port> ports(JsonNode owner) throws MalformedObjectException {
        List<Port> ports = new ArrayList<>();
        for (JsonNode port : list(owner, "ports")) {
            int number = port.path("port").asInt();
            if (number < 1 || number > MAX_PORT) {
                ignored++;
            } else {
                ports.add(new Port(
                        port.path("name").asText(""),
                        number,
                        port.path("protocol").asText("TCP").equals("TCP")));
            }
        }
        return ports;
    }

    /** Returns a list that may be absent or {@code null}, which means that it is empty. */
    private static Iterable<JsonNode> list(JsonNode owner, String key) throws MalformedObjectException {
        JsonNode list = owner.path(key);
        if (list.isArray()) {
            return list;
        }
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        throw new MalformedObjectException(key + " is no list (expected: a list or null)");
    }
}
