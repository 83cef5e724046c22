package io.myelin.discovery.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** The list that a file holds, whether it is JSON or YAML. */
final class Entries {
    private static final String EXPECTED = " (expected: a list of maps with host and port)";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    private Entries() {}

    /** Returns the entries of the list in {@code text}. */
    static List<JsonNode> parse(String text) throws MalformedFileException {
        JsonNode root = text.stripLeading().startsWith("[") ? json(text) : yaml(text);
        if (!root.isArray()) {
            throw new MalformedFileException("holds " + (root.isMissingNode() ? "nothing" : "no list") + EXPECTED);
        }
        List<JsonNode> entries = new ArrayList<>();
        root.forEach(entries::add);
        return entries;
    }

    /** A list in brackets is YAML as well, with more freedom; but YAML forbids tabs, which JSON is indented with. */
    private static JsonNode json(String text) throws MalformedFileException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException asJson) {
            try {
                return yaml(text);
            } catch (MalformedFileException asYaml) {
                throw new MalformedFileException(reasonOf(asJson), asJson);
            }
        }
    }

    private static JsonNode yaml(String text) throws MalformedFileException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(EndpointsFile.MOST_BYTES);
        try {
            Object root = new Yaml(new SafeConstructor(options)).load(text);
            return root == null ? JSON.missingNode() : JSON.valueToTree(root);
        } catch (MarkedYAMLException e) {
            String place = e.getProblemMark() == null
                    ? ""
                    : e.getProblemMark().getLine() + 1 + ":"
                            + (e.getProblemMark().getColumn() + 1) + ": ";
            throw new MalformedFileException(place + "not YAML: " + e.getProblem() + EXPECTED, e);
        } catch (YAMLException | IllegalArgumentException e) {
            throw new MalformedFileException("not YAML: " + e.getMessage() + EXPECTED, e);
        }
    }

    private static String reasonOf(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String place = location == null ? "" : location.getLineNr() + ":" + location.getColumnNr() + ": ";
        return place + "not JSON" + EXPECTED;
    }
}
