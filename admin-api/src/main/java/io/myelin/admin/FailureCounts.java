package io.myelin.admin;

import io.myelin.failure.Failure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** How often things failed, by reason, as JSON: every reason is present, so that readers can add them up. */
final class FailureCounts {
    private FailureCounts() {}

    static Map<String, Long> of(ToLongFunction<Failure> count) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Failure failure : Failure.values()) {
            counts.put(failure.label(), count.applyAsLong(failure));
        }
        return counts;
    }
}
