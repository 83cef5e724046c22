package io.myelin.discovery.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What all registrations in JSON have in common: an object, an address, and numbers that may be texts. */
final class RegistrationJson {
    static final ObjectMapper JSON = new ObjectMapper();

    private RegistrationJson() {}

    /** Returns the object that {@code json} holds; {@code expected} says what it should have held. */
    static JsonNode parse(byte @Nullable [] json, String expected) throws MalformedZnodeException {
        if (json == null || json.length == 0) {
            throw new MalformedZnodeException("data: empty (expected: " + expected + ")");
        }
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject()) {
                throw new MalformedZnodeException("data: " + root.getNodeType() + " (expected: " + expected + ")");
            }
            return root;
        } catch (IOException e) {
            throw new MalformedZnodeException("data: not JSON (expected: " + expected + ")", e);
        }
    }

    static String host(JsonNode root) throws MalformedZnodeException {
        String host = withoutBrackets(text(root, "host").strip());
        if (host.isEmpty()) {
            throw new MalformedZnodeException("host: " + root.get("host") + " (expected: an address or a host name)");
        }
        return host;
    }

    static int port(JsonNode root) throws MalformedZnodeException {
        JsonNode node = root.get("port");
        Long port = node == null ? null : wholeNumber(node);
        if (port == null || port < 1 || port > 65_535) {
            throw new MalformedZnodeException("port: " + node + " (expected: 1..65535)");
        }
        return port.intValue();
    }

    /** Returns {@code null} for what is not a number or does not fit; the fraction of a number is dropped. */
    static @Nullable Long wholeNumber(JsonNode node) {
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

    /** Returns a value as text, empty for none. */
    static String text(JsonNode root, String key) {
        JsonNode node = root.path(key);
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
