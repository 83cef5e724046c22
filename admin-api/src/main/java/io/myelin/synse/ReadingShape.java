package io.myelin.synse;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.myelin.health.plugin.RawText;
import io.myelin.health.plugin.Reading;
import io.myelin.health.plugin.Unit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A reading in the shape of the API. */
record ReadingShape(
        String device,
        String timestamp,
        String type,
        String deviceType,
        String deviceInfo,
        @Nullable Unit unit,
        @Nullable Object value,
        Map<String, String> context) {
    static ReadingShape of(Reading reading) {
        return new ReadingShape(
                reading.device(),
                reading.timestamp(),
                reading.type(),
                reading.deviceType(),
                reading.description(),
                given(reading.unit()),
                told(reading.value()),
                new TreeMap<>(reading.context()));
    }

    private static @Nullable Unit given(@Nullable Unit unit) {
        return unit == null || (unit.name().isEmpty() && unit.symbol().isEmpty()) ? null : unit;
    }

    /** What JSON has no number for is told as nothing; objects and lists that came as bytes are told as such. */
    private static @Nullable Object told(@Nullable Object value) {
        if (value instanceof Double || value instanceof Float) {
            return Double.isFinite(((Number) value).doubleValue()) ? value : null;
        }
        return value instanceof RawText raw ? told(raw.text()) : value;
    }

    private static Object told(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return text;
        }
        try {
            return Notation.read(text);
        } catch (JsonProcessingException e) {
            // A text that only begins like JSON is a text.
            return text;
        }
    }
}
