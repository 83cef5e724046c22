package io.myelin.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layout of Synapse's state file: a map of services, each a map of server names, each a backend with the time in
 * seconds at which it was last known.
 */
final class StateCodec {
    /*
     * Synapse keeps servers that have left, with the time at which they were last there, so that HAProxy need not be
     * restarted when they come back. They must not be served: of each service only what has the latest time counts.
     */
    private static final Logger log = LoggerFactory.getLogger(StateCodec.class);
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String TIMESTAMP = "timestamp";
    private static final String SERVER_ID = "haproxy_server_id";
    /** Beside the servers of a service there may be its configuration under this name. */
    private static final String CONFIGURATION = "watcher_config_for_generator";
    /** What looks to Synapse as a service of this name holds the configuration that registries keep for services. */
    private static final String REGISTRIES = "myelin:registry_configuration";

    private static final String TEXT = "text";
    /** Servers that were written at the same time have times that are no further apart. */
    private static final long SAME_TIME_SECONDS = 5;

    private StateCodec() {}

    /**
     * Returns the content of a file.
     *
     * @param configurations texts that registries keep for services, by service
     */
    static byte[] write(List<RememberedPool> pools, Map<String, String> configurations, long nowMillis) {
        ObjectNode root = MAPPER.createObjectNode();
        for (RememberedPool pool : pools) {
            ObjectNode servers = root.putObject(pool.name());
            for (Endpoint endpoint : pool.endpoints()) {
                String name = endpoint.id().value();
                ObjectNode server = servers.putObject(name);
                server.put(TIMESTAMP, pool.knownMillis() / 1_000);
                Integer number = pool.numbers().get(endpoint.id());
                if (number != null) {
                    server.put(SERVER_ID, number);
                }
                server.setAll(EndpointJson.of(endpoint));
            }
        }
        if (!configurations.isEmpty()) {
            ObjectNode texts = root.putObject(REGISTRIES);
            new TreeMap<>(configurations)
                    .forEach((service, text) -> texts.putObject(service)
                            .put(TIMESTAMP, nowMillis / 1_000)
                            .put(TEXT, text));
        }
        try {
            return MAPPER.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the pools that {@code content} describes, by name, without what is too old. A server that cannot be read
     * is left out and reported.
     *
     * @throws IOException if it is not such a file
     */
    static RememberedState read(byte[] content, long nowMillis, Duration ttl) throws IOException {
        JsonNode root = MAPPER.readTree(content);
        if (root == null || !root.isObject()) {
            throw new IOException("not a map of services");
        }
        Map<String, RememberedPool> pools = new TreeMap<>();
        Map<String, String> configurations = new TreeMap<>();
        root.path(REGISTRIES).properties().forEach(entry -> {
            JsonNode said = entry.getValue();
            boolean young = nowMillis - said.path(TIMESTAMP).asLong() * 1_000 <= ttl.toMillis();
            if (young && said.path(TEXT).isTextual()) {
                configurations.put(entry.getKey(), said.path(TEXT).asText());
            }
        });
        root.properties().stream()
                .filter(service -> !service.getKey().equals(REGISTRIES))
                .forEach(service -> {
                    RememberedPool pool = pool(service.getKey(), service.getValue());
                    if (!pool.endpoints().isEmpty() && nowMillis - pool.knownMillis() <= ttl.toMillis()) {
                        pools.put(pool.name(), pool);
                    }
                });
        return new RememberedState(pools, configurations);
    }

    private static RememberedPool pool(String name, JsonNode servers) {
        long latest = 0;
        for (JsonNode server : servers) {
            latest = Math.max(latest, server.path(TIMESTAMP).asLong());
        }
        List<Endpoint> endpoints = new ArrayList<>();
        Map<EndpointId, Integer> numbers = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : servers.properties()) {
            JsonNode server = entry.getValue();
            boolean current = server.path(TIMESTAMP).asLong() >= latest - SAME_TIME_SECONDS;
            if (current && !entry.getKey().equals(CONFIGURATION)) {
                add(name, entry.getKey(), server, endpoints, numbers);
            }
        }
        return new RememberedPool(name, endpoints, latest * 1_000, numbers);
    }

    private static void add(
            String pool, String name, JsonNode server, List<Endpoint> endpoints, Map<EndpointId, Integer> numbers) {
        try {
            Endpoint endpoint = EndpointJson.read(server);
            endpoints.add(endpoint);
            if (server.path(SERVER_ID).asInt() > 0) {
                numbers.put(endpoint.id(), server.path(SERVER_ID).asInt());
            }
        } catch (IllegalArgumentException e) {
            log.warn("Ignored a server of the state file: service={} server={} error={}", pool, name, e.getMessage());
        }
    }
}
