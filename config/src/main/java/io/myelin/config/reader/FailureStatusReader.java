package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.failure.Failure;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads {@code failure_status}: what clients are told of failures instead of the usual status. */
final class FailureStatusReader {
    private static final int FIRST_ERROR = 400;
    private static final int LAST_ERROR = 599;
    /** Those that clients are told of. */
    private static final List<Failure> TOLD = Arrays.stream(Failure.values())
            .filter(failure -> failure != Failure.CLIENT_GONE)
            .toList();

    private static final Keys LABELS = Keys.of(TOLD.stream().map(Failure::label).toList(), List.of());

    private FailureStatusReader() {}

    /** Returns what {@code section} says, laid over {@code otherwise}. */
    static Map<Failure, Integer> read(Section section, Map<Failure, Integer> otherwise) {
        Section own = section.section("failure_status");
        if (own == null) {
            return otherwise;
        }
        own.allow(LABELS);
        Map<Failure, Integer> statuses = new EnumMap<>(Failure.class);
        statuses.putAll(otherwise);
        for (Entry entry : own.entries()) {
            Integer status = own.number(entry.name(), FIRST_ERROR, LAST_ERROR);
            if (status != null) {
                labelled(entry.name()).forEach(failure -> statuses.put(failure, status));
            }
        }
        return statuses;
    }

    private static Stream<Failure> labelled(String label) {
        return TOLD.stream().filter(failure -> failure.label().equals(label));
    }
}
