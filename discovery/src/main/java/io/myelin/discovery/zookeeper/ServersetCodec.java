package io.myelin.discovery.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.model.Endpoint;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the JSON that members of a server set register (Twitter's ServerSets, as Aurora and Finagle write them) into
 * endpoints.
 *
 * @param endpointName which of the additional endpoints is meant, empty for the main one
 */
record ServersetCodec(String endpointName) implements ChildCodec {
    /*
     * {"serviceEndpoint": {"host": "10.0.0.7", "port": 8080},
     *  "additionalEndpoints": {"admin": {"host": "10.0.0.7", "port": 9990}}, "status": "ALIVE", "shard": 3}
     *
     * The shard becomes the name. A member that says it is dead or stops weighs 0.
     */
    private static final String EXPECTED = "a JSON object with serviceEndpoint";
    private static final Set<String> ENDED = Set.of("dead", "stopping", "stopped");

    @Override
    public Endpoint decode(byte @Nullable [] json, @Nullable Long sequence, Consumer<String> remarks)
            throws MalformedZnodeException {
        JsonNode root = RegistrationJson.parse(json, EXPECTED);
        JsonNode address = address(root);
        Endpoint endpoint = Endpoint.of(
                RegistrationJson.text(root, "shard"), RegistrationJson.host(address), RegistrationJson.port(address));
        String status = RegistrationJson.text(root, "status").toLowerCase(Locale.ROOT);
        return endpoint.withSequence(sequence).withWeight(ENDED.contains(status) ? 0 : null);
    }

    private JsonNode address(JsonNode root) throws MalformedZnodeException {
        JsonNode address = endpointName.isEmpty()
                ? root.path("serviceEndpoint")
                : root.path("additionalEndpoints").path(endpointName);
        if (!address.isObject()) {
            String where = endpointName.isEmpty() ? "serviceEndpoint" : "additionalEndpoints." + endpointName;
            throw new MalformedZnodeException(where + ": " + address.getNodeType() + " (expected: host and port)");
        }
        return address;
    }
}
