package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.RequestReader.Reading;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Servers that read requests in different ways. What a proxy sends to a member must mean the same to all of them: if it
 * does not, there is a member behind which this proxy lets requests be smuggled.
 */
final class Panel {
    private static final Map<String, RequestReader> READERS = new TreeMap<>(Map.of(
            "plain", RequestReader.PLAIN,
            "length first", kind(Quirk.LENGTH_WINS),
            "loose names and encodings", kind(Quirk.LOOSE_NAMES, Quirk.LOOSE_ENCODINGS),
            "loose numbers", kind(Quirk.LOOSE_NUMBERS),
            "loose numbers, last field", kind(Quirk.LOOSE_NUMBERS, Quirk.LAST_FIELD_WINS),
            "line feed ends lines", kind(Quirk.LINE_FEED_ENDS_LINES, Quirk.LOOSE_ENCODINGS),
            "return ends lines", kind(Quirk.RETURN_ENDS_LINES),
            "folded lines", kind(Quirk.FOLDED_LINES, Quirk.LOOSE_ENCODINGS),
            "NUL ends text", kind(Quirk.NUL_ENDS_TEXT)));

    private Panel() {}

    private static RequestReader kind(Quirk... quirks) {
        return new RequestReader(Set.of(quirks));
    }

    /**
     * Returns which requests each kind of server finds in one connection's bytes; those that refuse the first have no
     * say.
     */
    static Map<String, List<String>> readings(String stream) {
        Map<String, List<String>> readings = new TreeMap<>();
        READERS.forEach((name, reader) -> {
            Reading reading = reader.read(stream);
            if (!reading.broken() || !reading.complete().isEmpty()) {
                readings.put(name, summary(reading));
            }
        });
        return readings;
    }

    /** Returns whether all kinds of servers understand the same. */
    static boolean agrees(String stream) {
        return Set.copyOf(readings(stream).values()).size() <= 1;
    }

    /** Returns whether any kind of server finds a complete request for {@code target}. */
    static boolean anyFinds(String stream, String target) {
        return READERS.values().stream()
                .flatMap(reader -> reader.read(stream).complete().stream())
                .anyMatch(request -> request.target().equals(target));
    }

    private static List<String> summary(Reading reading) {
        Stream<String> found = reading.complete().stream().map(request -> request.method() + " " + request.target());
        return Stream.concat(found, reading.broken() ? Stream.of("garbage") : Stream.empty())
                .toList();
    }
}
