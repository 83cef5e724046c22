package io.myelin.discovery.zookeeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the JSON that Nerve registers into endpoints, and back. */
final class NerveCodec {
    /*
     * {"host": "10.0.0.7", "port": 8080, "name": "i-7", "weight": 10, "haproxy_server_options": "backup",
     *  "labels": {"zone": "a"}}
     *
     * Host and port are mandatory, numbers may be strings, unknown keys mean nothing. The Go port of Nerve adds
     * "available": false, which is a weight of 0.
     */
    private static final ObjectMapper JSON = new ObjectMapper();

    private NerveCodec() {}

    /**
     * Returns the endpoint that {@code json} describes.
     *
     * @param remarks told about every part that was ignored or changed
     */
    static Endpoint decode(byte @Nullable [] json, @Nullable Long sequence, Consumer<String> remarks)
            throws MalformedZnodeException {
        JsonNode root = parse(json);
        String host = withoutBrackets(text(root, "host").strip());
        if (host.isEmpty()) {
            throw new MalformedZnodeException("host: " + root.get("host") + " (expected: an address or a host name)");
        }
        int port = port(root.get("port"));
        String name = text(root, "name");
        return new Endpoint(
                EndpointId.of(name, host, port),
                name,
                host,
                port,
                weight(root, remarks),
                false,
                labels(root.path("labels")),
                text(root, "haproxy_server_options"),
                sequence);
    }

    /** Returns the JSON that Nerve would register for {@code endpoint}. */
    static byte[] encode(Endpoint endpoint) {
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
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON values could not be written", e);
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static JsonNode parse(byte @Nullable [] json) throws MalformedZnodeException {
        if (json == null || json.length == 0) {
            throw new MalformedZnodeException("data: empty (expected: a JSON object with host and port)");
        }
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject()) {
                throw new MalformedZnodeException(
                        "data: " + root.getNodeType() + " (expected: a JSON object with host and port)");
            }
            return root;
        } catch (IOException e) {
            throw new MalformedZnodeException("data: not JSON (expected: a JSON object with host and port)", e);
        }
    }

    private static int port(@Nullable JsonNode node) throws MalformedZnodeException {
        Long port = node == null ? null : wholeNumber(node);
        if (port == null || port < 1 || port > 65_535) {
            throw new MalformedZnodeException("port: " + node + " (expected: 1..65535)");
        }
        return port.intValue();
    }

    private static @Nullable Integer weight(JsonNode root, Consumer<String> remarks) {
        if (root.path("available").isBoolean() && !root.path("available").booleanValue()) {
            return 0;
        }
        JsonNode node = root.path("weight");
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        Long stated = wholeNumber(node);
        if (stated == null) {
            remarks.accept("weight: " + node + " ignored (expected: 0.." + Endpoint.MAX_WEIGHT + ")");
            return null;
        }
        int weight = (int) Math.max(0, Math.min(stated, Endpoint.MAX_WEIGHT));
        if (weight != stated) {
            remarks.accept("weight: " + stated + " taken as " + weight + " (expected: 0.." + Endpoint.MAX_WEIGHT + ")");
        }
        return weight;
    }

    /** Returns {@code null} for what is not a number or does not fit; the fraction of a number is dropped. */
    private static @Nullable Long wholeNumber(JsonNode node) {
        if (!node.isNumber() && !node.isTextual()) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(node.asText().strip());
            return Math.abs((long) number.precision() - number.scale()) > 18 ? null : number.longValue();
        } catch (NumberFormatException ignored) {
            // The caller says what was expected.
            return null;
        }
    }

    private static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new HashMap<>();
        node.properties().forEach(label -> {
            if (label.getValue().isValueNode() && !label.getValue().isNull()) {
                labels.put(label.getKey(), label.getValue().asText());
            }
        });
        return labels;
    }

    private static String text(JsonNode root, String key) {
        JsonNode node = root.path(key);
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }
}
