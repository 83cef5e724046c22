package io.myelin.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The JSON dialect of the API: camel case, indented, absent values written as null. */
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    static String write(Object view) {
        try {
            return MAPPER.writeValueAsString(view) + "\n";
        } catch (JsonProcessingException e) {
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
