package io.myelin.discovery.announce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.myelin.model.Endpoint;

/** What Nerve writes into a registry about an endpoint. */
public final class NerveJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NerveJson() {}

    /** Returns one line of JSON: host, port, name, and of weight, options and labels those that there are. */
    public static String encode(Endpoint endpoint) {
        ObjectNode root = JSON.createObjectNode();
        root.put("host", endpoint.host()).put("port", endpoint.port()).put("name", endpoint.name());
        Integer weight = endpoint.weight();
        if (weight != null) {
            root.put("weight", weight);
        }
        if (!endpoint.options().isEmpty()) {
            root.put("haproxy_server_options", endpoint.options());
        }
        if (!endpoint.labels().isEmpty()) {
            root.set("labels", JSON.valueToTree(endpoint.labels()));
        }
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON values could not be written", e);
        }
    }
}
