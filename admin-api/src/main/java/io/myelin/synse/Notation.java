package io.myelin.synse;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.myelin.admin.JsonBody;
import io.myelin.admin.JsonBody.Step;
import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The JSON dialect of the API: snake case, and either indented by two spaces or without any space. */
enum Notation {
    PRETTY("\n"),
    COMPACT("");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final DefaultIndenter TWO_SPACES = new DefaultIndenter("  ", "\n");
    private static final DefaultPrettyPrinter PRINTER = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(TWO_SPACES)
            .withArrayIndenter(TWO_SPACES);

    private final String ending;

    Notation(String ending) {
        this.ending = ending;
    }

    /** Returns {@code value} as text that is made while it is sent, a list item by item. */
    Body body(Object value) {
        return body(steps(value));
    }

    /** Returns what {@code steps} write, one after the other. */
    Body body(Iterator<Step> steps) {
        return new JsonBody(steps, this::generator, ending);
    }

    /** Returns {@code value} on one line. */
    static byte[] line(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what writes {@code value}: a list item by item, anything else at once. */
    static Iterator<Step> steps(Object value) {
        if (!(value instanceof List<?> items)) {
            return List.<Step>of(json -> json.writePOJO(value)).iterator();
        }
        Iterator<?> rest = items.iterator();
        Iterator<Step> each = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public Step next() {
                Object item = rest.next();
                return json -> json.writePOJO(item);
            }
        };
        List<Iterator<Step>> parts = new ArrayList<>();
        parts.add(List.<Step>of(JsonGenerator::writeStartArray).iterator());
        parts.add(each);
        parts.add(List.<Step>of(JsonGenerator::writeEndArray).iterator());
        return new Chain<>(parts.iterator());
    }

    /**
     * Returns what {@code text} says, a missing node if it says nothing.
     *
     * @throws JsonProcessingException if it is not JSON
     */
    static JsonNode read(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    private JsonGenerator generator(OutputStream stream) {
        try {
            JsonGenerator json = MAPPER.createGenerator(stream);
            if (this == PRETTY) {
                json.setPrettyPrinter(PRINTER.createInstance());
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
