package io.myelin.health;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of HTTP status codes.
 *
 * @param ranges the parts; a code belongs to the set if any part holds it
 */
record StatusRanges(List<Range> ranges) {
    static final StatusRanges SUCCESS = new StatusRanges(List.of(new Range(200, 399)));

    private static final Pattern RANGE = Pattern.compile("(\\d{3})(?:-(\\d{3}))?");

    StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /** Codes from {@code first} to {@code last}, both included. */
    record Range(int first, int last) {
        Range {
            if (first > last) {
                throw new IllegalArgumentException("status: " + first + "-" + last + " (expected: lower bound first)");
            }
        }
    }

    /**
     * Returns the set that a text such as {@code 200}, {@code 200-299} or {@code 200,301-302} describes.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    static StatusRanges parse(String text) {
        return new StatusRanges(Arrays.stream(text.split(",", -1))
                .map(part -> range(part.strip(), text))
                .toList());
    }

    boolean contains(int code) {
        return ranges.stream().anyMatch(range -> code >= range.first() && code <= range.last());
    }

    private static Range range(String part, String text) {
        Matcher matcher = RANGE.matcher(part);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("status: " + text + " (expected: such as 200, 200-299 or 200,204)");
        }
        int first = Integer.parseInt(matcher.group(1));
        String last = matcher.group(2);
        return new Range(first, last == null ? first : Integer.parseInt(last));
    }
}
