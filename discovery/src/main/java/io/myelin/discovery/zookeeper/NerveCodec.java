package io.myelin.discovery.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.announce.NerveJson;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.nio.charset.StandardCharsets;
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
    private static final String EXPECTED = "a JSON object with host and port";

    private NerveCodec() {}

    /**
     * Returns the endpoint that {@code json} describes.
     *
     * @param remarks told about every part that was ignored or changed
     */
    static Endpoint decode(byte @Nullable [] json, @Nullable Long sequence, Consumer<String> remarks)
            throws MalformedZnodeException {
        JsonNode root = RegistrationJson.parse(json, EXPECTED);
        String host = RegistrationJson.host(root);
        int port = RegistrationJson.port(root);
        String name = RegistrationJson.text(root, "name");
        return new Endpoint(
                EndpointId.of(name, host, port),
                name,
                host,
                port,
                weight(root, remarks),
                false,
                labels(root.path("labels")),
                RegistrationJson.text(root, "haproxy_server_options"),
                sequence);
    }

    /** Returns the JSON that Nerve would register for {@code endpoint}. */
    static byte[] encode(Endpoint endpoint) {
        return NerveJson.encode(endpoint).getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable Integer weight(JsonNode root, Consumer<String> remarks) {
        if (root.path("available").isBoolean() && !root.path("available").booleanValue()) {
            return 0;
        }
        JsonNode node = root.path("weight");
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        Long stated = RegistrationJson.wholeNumber(node);
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

    private static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new HashMap<>();
        node.properties().forEach(label -> {
            if (label.getValue().isValueNode() && !label.getValue().isNull()) {
                labels.put(label.getKey(), label.getValue().asText());
            }
        });
        return labels;
    }
}
