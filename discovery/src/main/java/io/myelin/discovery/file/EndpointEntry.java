package io.myelin.discovery.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a file with endpoints: {@code {"host": "10.0.0.7", "port": 8080, "name": "i-7", "id": 5, "weight": 10,
 * "haproxy_server_options": "backup", "labels": {"zone": "a"}}}. Host and port must be there, numbers may be texts,
 * {@code null} is absent, unknown keys mean nothing.
 */
final class EndpointEntry {
    private EndpointEntry() {}

    static Endpoint decode(JsonNode entry) throws MalformedFileException {
        if (!entry.isObject()) {
            throw new MalformedFileException(entry + " (expected: a map with host and port)");
        }
        String host = host(entry);
        Integer port = host.startsWith("/") ? Integer.valueOf(0) : number(entry, "port", 1, 65_535);
        if (host.isEmpty() || port == null) {
            String key = host.isEmpty() ? "host" : "port";
            throw new MalformedFileException(key + ": missing (expected: host and port)");
        }
        Integer weight = number(entry, "weight", 0, Endpoint.MAX_WEIGHT);
        Integer sequence = number(entry, "id", 0, Integer.MAX_VALUE);
        String name = text(entry, "name");
        return new Endpoint(
                EndpointId.of(name, host, port),
                name,
                host,
                port,
                weight,
                entry.path("backup").asBoolean(false),
                labels(entry.path("labels")),
                text(entry, "haproxy_server_options"),
                sequence == null ? null : Long.valueOf(sequence));
    }

    private static String host(JsonNode entry) {
        String host = text(entry, "host").strip();
        if (host.equals("unix")) {
            return text(entry, "port");
        }
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static @Nullable Integer number(JsonNode entry, String key, int min, int max)
            throws MalformedFileException {
        String text = text(entry, key).strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            int number = new BigDecimal(text.length() > 20 ? "" : text).intValueExact();
            if (number >= min && number <= max) {
                return number;
            }
        } catch (ArithmeticException | NumberFormatException ignored) {
            // The message below says what was expected.
        }
        throw new MalformedFileException(key + ": " + entry.get(key) + " (expected: " + min + ".." + max + ")");
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

    private static String text(JsonNode entry, String key) {
        JsonNode node = entry.path(key);
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }
}
