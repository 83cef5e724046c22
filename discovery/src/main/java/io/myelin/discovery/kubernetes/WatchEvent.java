package io.myelin.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A line of a watch.
 *
 * @param object the whole object, as it is or was last; of a bookmark only its version, of an error a status
 */
record WatchEvent(Kind kind, JsonNode object) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What has happened. */
    enum Kind {
        ADDED,
        MODIFIED,
        DELETED,
        /** Nothing; a watch can go on from here. */
        BOOKMARK,
        ERROR
    }

    /** Returns the event in {@code line}. */
    static WatchEvent parse(String line) throws MalformedObjectException {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode object = event.path("object");
            if (object.isObject()) {
                return new WatchEvent(Kind.valueOf(event.path("type").asText("")), object);
            }
        } catch (JsonProcessingException | IllegalArgumentException ignored) {
            // What came is not repeated: it may be anything.
        }
        throw new MalformedObjectException("a watch brought what is no event (expected: JSON with type and object)");
    }

    /** Returns whether an object has come, changed or gone. */
    boolean concernsAnObject() {
        return kind != Kind.BOOKMARK && kind != Kind.ERROR;
    }

    /** Returns from where a watch goes on, empty if that is not said. */
    String version() {
        return object.path("metadata").path("resourceVersion").asText("");
    }

    /** Returns the number of an error's status. */
    int code() {
        return object.path("code").asInt();
    }

    /** Returns what an error says. */
    String message() {
        return "status " + code() + " " + object.path("message").asText("");
    }
}
