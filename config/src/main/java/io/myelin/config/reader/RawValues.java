package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sections as maps of plain values, for readers that are not part of the program. */
final class RawValues {
    private RawValues() {}

    /**
     * Returns what {@code section} says: texts, whole numbers as longs, others as doubles, booleans, lists and maps.
     */
    @SuppressWarnings("NullAway") // An absent value is null in the map, as in the file.
    static Map<String, Object> of(Section section) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Entry entry : section.entries()) {
            values.put(entry.name(), value(entry.value()));
        }
        return Collections.unmodifiableMap(values);
    }

    private static @Nullable Object value(Node node) {
        if (node instanceof Mapping mapping) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            mapping.entries().forEach(entry -> values.put(entry.name(), value(entry.value())));
            return Collections.unmodifiableMap(values);
        }
        if (node instanceof Sequence sequence) {
            List<@Nullable Object> values = new ArrayList<>();
            sequence.items().forEach(item -> values.add(value(item)));
            return Collections.unmodifiableList(values);
        }
        return node instanceof Scalar scalar ? scalar(scalar) : null;
    }

    private static @Nullable Object scalar(Scalar scalar) {
        String text = scalar.text();
        if (scalar.absent()) {
            return null;
        }
        if (scalar.quoted()) {
            return text;
        }
        if (text.matches("true|false")) {
            return Boolean.valueOf(text);
        }
        if (text.matches("[-+]?\\d{1,18}")) {
            return Long.valueOf(text);
        }
        return text.matches("[-+]?\\d{1,18}\\.\\d{1,18}") ? (Object) Double.valueOf(text) : text;
    }
}
