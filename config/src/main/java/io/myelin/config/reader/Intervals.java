package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import java.math.BigDecimal;
import java.time.Duration;

/** Reads pauses between questions to a registry, which Synapse's files state in seconds without a unit. */
final class Intervals {
    static final String FORMS = "a number of seconds, or one with a unit, such as 250ms, 2s or 1m";

    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(Integer.MAX_VALUE / 1_000);

    private Intervals() {}

    /** Returns the pause that {@code key} states, which is more than none; {@code otherwise} if it states none. */
    static Duration read(Section section, String key, Duration otherwise) {
        Scalar scalar = section.scalar(key, FORMS);
        if (scalar == null || !scalar.text().strip().matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return section.positiveDuration(key, otherwise);
        }
        BigDecimal seconds = new BigDecimal(scalar.text().strip());
        Duration pause =
                Duration.ofMillis(seconds.min(LONGEST_SECONDS).movePointRight(3).longValue());
        if (pause.isZero()) {
            section.problems().error(section.where(key), scalar.text(), "at least 1ms");
            return otherwise;
        }
        return pause;
    }
}
