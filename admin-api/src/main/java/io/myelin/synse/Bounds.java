package io.myelin.synse;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/**
 * From when to when readings are asked for.
 *
 * @param start in RFC 3339, empty for an open end
 * @param end in RFC 3339, empty for an open end
 */
record Bounds(String start, String end) {
    /**
     * Checks what a client gave.
     *
     * @throws ApiException if one is not a moment
     */
    Bounds {
        check("start", start);
        check("end", end);
    }

    static Bounds of(Call call) {
        return new Bounds(call.one("start", ""), call.one("end", ""));
    }

    private static void check(String name, String moment) {
        try {
            if (!moment.isEmpty()) {
                OffsetDateTime.parse(moment);
            }
        } catch (DateTimeParseException e) {
            throw ApiException.invalid(name + ": " + moment + " (expected: RFC 3339, as in 2006-01-02T15:04:05Z)");
        }
    }
}
