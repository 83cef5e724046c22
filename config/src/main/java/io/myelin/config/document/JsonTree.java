package io.myelin.config.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.myelin.config.document.Mapping.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A tree read from JSON as people write it: with tabs, comments, trailing commas and bare names. */
final class JsonTree {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(YamlTree.MAX_DEPTH)
                    .build())
            .build();

    /** What the parser adds about itself to what is wrong. */
    private static final Pattern STATE = Pattern.compile("(?s)\\s*(\\(start marker|\\(for \\w+ starting|\\R).*");

    private final String file;
    private final JsonParser parser;

    private JsonTree(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Node read(String file, String text) throws SyntaxException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonTree tree = new JsonTree(file, parser);
            parser.nextToken();
            Node root = tree.node();
            if (parser.nextToken() != null) {
                throw new SyntaxException(tree.place(), "JSON goes on after its end", "one map");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new SyntaxException(placeOf(file, e.getLocation()), "not JSON: " + reasonOf(e), "JSON or YAML");
        } catch (IOException e) {
            throw new SyntaxException(Place.wholeOf(file), "not JSON: " + e.getMessage(), "JSON or YAML");
        }
    }

    private Node node() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping();
        }
        if (token == JsonToken.START_ARRAY) {
            return sequence();
        }
        String text = parser.getText();
        return new Scalar(place(), text == null ? "" : text, token == JsonToken.VALUE_STRING);
    }

    private Mapping mapping() throws IOException {
        Place start = place();
        List<Entry> entries = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Scalar key = new Scalar(place(), parser.currentName(), true);
            parser.nextToken();
            entries.add(new Entry(key, node()));
        }
        return Mapping.of(start, entries);
    }

    private Sequence sequence() throws IOException {
        Place start = place();
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            items.add(node());
        }
        return new Sequence(start, items);
    }

    private Place place() {
        return placeOf(file, parser.currentTokenLocation());
    }

    private static Place placeOf(String file, @Nullable JsonLocation location) {
        if (location == null) {
            return Place.wholeOf(file);
        }
        return new Place(file, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    /** Returns what the parser says of the text. */
    private static String reasonOf(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (message == null) {
            return "malformed";
        }
        return STATE.matcher(message).replaceFirst("");
    }
}
