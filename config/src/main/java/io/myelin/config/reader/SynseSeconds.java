package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as Synse states them, in seconds, or as Myelin does, with a unit. */
final class SynseSeconds {
    private static final String FORMS = "seconds, such as 3 or 0.5, or a number with a unit, such as 250ms";
    private static final Pattern PLAIN = Pattern.compile("\\d{1,9}(\\.\\d{1,3})?|\\.\\d{1,3}");
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private SynseSeconds() {}

    /** Returns the time at {@code key}, {@code null} if there is none that can be used. */
    static @Nullable Duration read(Section section, String key) {
        Scalar scalar = section.scalar(key, FORMS);
        if (scalar == null) {
            return null;
        }
        String text = scalar.text().strip();
        Duration time;
        if (PLAIN.matcher(text).matches()) {
            time = Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValueExact());
        } else if (text.matches("\\d+[a-z]+")) {
            time = Values.duration(scalar, section.where(key), section.problems());
        } else {
            section.problems().error(section.where(key), scalar.text(), FORMS);
            return null;
        }
        if (time != null && (time.isZero() || time.compareTo(LONGEST) > 0)) {
            section.problems().error(section.where(key), scalar.text(), "more than 0, at most 24 days");
            return null;
        }
        return time;
    }

    /** Returns seconds as they are written in JSON, whole ones without a point. */
    static Number number(Duration time) {
        long millis = time.toMillis();
        return millis % 1_000 == 0 ? (Number) (millis / 1_000) : (Number) (millis / 1_000.0);
    }
}
