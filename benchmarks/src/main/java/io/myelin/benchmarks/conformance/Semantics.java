package io.myelin.benchmarks.conformance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares header fields by their meaning. */
final class Semantics {
    /** Fields that belong to one connection, or that a proxy may add or write anew. */
    private static final Set<String> OWN = Set.of(
            "connection",
            "keep-alive",
            "transfer-encoding",
            "content-length",
            "via",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "date",
            "server");

    private Semantics() {}

    /** Returns what is wrong with the received fields; empty if nothing is. */
    static String difference(List<Field> expected, List<Field> received) {
        Set<String> names = new LinkedHashSet<>();
        expected.forEach(field -> names.add(field.name()));
        received.stream().filter(field -> !OWN.contains(field.name())).forEach(field -> names.add(field.name()));
        names.removeAll(Set.of("transfer-encoding", "content-length"));
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            List<String> wanted = Field.values(expected, name);
            List<String> got = Field.values(received, name);
            if (!wanted.equals(got)) {
                differences.add(name + " " + got + " rather than " + wanted);
            }
        }
        return String.join(", ", differences);
    }
}
