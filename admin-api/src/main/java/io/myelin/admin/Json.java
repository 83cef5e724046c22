package io.myelin.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The JSON dialect of the API: camel case, indented, absent values written as null. */
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    static String write(Object view) {
        try {
            return MAPPER.writeValueAsString(view) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns what {@code text} says, a missing node if it says nothing.
     *
     * @throws JsonProcessingException if it is not JSON
     */
    static JsonNode read(String text) throws JsonProcessingException {
        return STRICT.readTree(text);
    }

    /** Returns {@code views} as a list, each of which is asked for when it is written. */
    static Body list(Iterator<?> views) {
        Iterator<JsonBody.Step> begin =
                List.<JsonBody.Step>of(JsonGenerator::writeStartArray).iterator();
        Iterator<JsonBody.Step> end =
                List.<JsonBody.Step>of(JsonGenerator::writeEndArray).iterator();
        return new JsonBody(new Chain<>(List.of(begin, items(views), end).iterator()));
    }

    /** Returns one step for each of {@code views}, each of which is asked for when it is written. */
    static Iterator<JsonBody.Step> items(Iterator<?> views) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return views.hasNext();
            }

            @Override
            public JsonBody.Step next() {
                Object view = views.next();
                return json -> json.writePOJO(view);
            }
        };
    }

    /** Writes the fields of {@code view} into the object that {@code json} is in. */
    static void writeFields(JsonGenerator json, Object view) throws IOException {
        for (Map.Entry<String, JsonNode> field :
                MAPPER.<JsonNode>valueToTree(view).properties()) {
            json.writeFieldName(field.getKey());
            json.writeTree(field.getValue());
        }
    }

    /** Returns what writes the dialect to {@code stream}. */
    static JsonGenerator generator(OutputStream stream) {
        try {
            return MAPPER.createGenerator(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a constant's name as the API spells it: {@code NOT_ELIGIBLE} is {@code notEligible}. */
    static String name(Enum<?> constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }

    /** Returns one number per constant, by name. */
    static <K extends Enum<K>> Map<String, Long> numbers(Iterable<K> keys, ToLongFunction<K> number) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        keys.forEach(key -> numbers.put(name(key), number.applyAsLong(key)));
        return numbers;
    }
}
