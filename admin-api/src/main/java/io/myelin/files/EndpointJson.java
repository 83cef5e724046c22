package io.myelin.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An endpoint as Synapse writes a backend down: every key is there, null where nothing is known. */
final class EndpointJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private EndpointJson() {}

    static ObjectNode of(Endpoint endpoint) {
        ObjectNode node = NODES.objectNode();
        node.put("name", orNull(endpoint.name()));
        if (endpoint.unix()) {
            node.put("host", "unix").put("port", endpoint.host());
        } else {
            node.put("host", endpoint.host()).put("port", endpoint.port());
        }
        node.put("id", endpoint.sequence());
        node.put("weight", endpoint.weight());
        node.put("haproxy_server_options", orNull(endpoint.options()));
        if (endpoint.labels().isEmpty()) {
            node.putNull("labels");
        } else {
            ObjectNode labels = node.putObject("labels");
            new TreeMap<>(endpoint.labels()).forEach(labels::put);
        }
        return node;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /**
     * Returns the endpoint that {@code node} describes.
     *
     * @throws IllegalArgumentException if it describes none
     */
    static Endpoint read(JsonNode node) {
        String name = node.path("name").asText("");
        String options = node.path("haproxy_server_options").asText("");
        String host = node.path("host").asText("");
        boolean unix = host.equals("unix");
        String place = unix ? node.path("port").asText("") : host;
        int port = unix ? 0 : number(node.path("port"), 0);
        JsonNode weight = node.path("weight");
        JsonNode id = node.path("id");
        return new Endpoint(
                EndpointId.of(name, place, port),
                name,
                place,
                port,
                weight.isMissingNode() || weight.isNull() ? null : Integer.valueOf(number(weight, 0)),
                Arrays.asList(options.split("\\s+", -1)).contains("backup"),
                labels(node.path("labels")),
                options,
                id.isIntegralNumber() ? Long.valueOf(id.asLong()) : null);
    }

    private static int number(JsonNode node, int otherwise) {
        return node.isTextual() && node.asText().strip().matches("\\d{1,9}")
                ? Integer.parseInt(node.asText().strip())
                : node.asInt(otherwise);
    }

    private static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new LinkedHashMap<>();
        node.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText("")));
        return labels;
    }
}
