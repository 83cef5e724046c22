package io.myelin.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * What a page of a list says of itself.
 *
 * @param version from which a watch goes on
 * @param next what the next page is asked for with, empty if this is the last one
 */
record ObjectPage(String version, String next) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Returns the page in {@code body}, whose objects are handed to {@code objects} one by one.
     *
     * @throws IOException if it is not a page of a list; objects may have been handed over
     */
    static ObjectPage read(byte[] body, Consumer<JsonNode> objects) throws IOException {
        JsonNode metadata = JSON.createObjectNode();
        boolean items = false;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    items = true;
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        objects.accept(parser.readValueAsTree());
                    }
                } else if (field.equals("items") && value == JsonToken.VALUE_NULL) {
                    items = true;
                } else if (field.equals("metadata")) {
                    metadata = parser.readValueAsTree();
                } else {
                    parser.skipChildren();
                }
            }
        }
        String version = metadata.path("resourceVersion").asText("");
        if (!items || version.isEmpty()) {
            throw new IOException("no items, or no resourceVersion");
        }
        return new ObjectPage(version, metadata.path("continue").asText(""));
    }
}
