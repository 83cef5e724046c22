package io.myelin.benchmarks.conformance;

import java.util.List;
import java.util.Locale;

/**
 * One header field as it was read.
 *
 * @param name in lower case
 */
record Field(String name, String value) {
    static Field of(String name, String value) {
        return new Field(name.toLowerCase(Locale.ROOT), value);
    }

    /** Returns the values of all fields of that name, in order. */
    static List<String> values(List<Field> fields, String lowerCaseName) {
        return fields.stream()
                .filter(field -> field.name.equals(lowerCaseName))
                .map(Field::value)
                .toList();
    }
}
