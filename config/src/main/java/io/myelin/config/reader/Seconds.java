package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times as Synapse writes them, seconds without a unit and with a fraction or not; a unit may be stated all the same.
 */
final class Seconds {
    private static final String FORMS = "a number of seconds, such as 0.5 or 30, or a time with a unit";
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)?");
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private Seconds() {}

    /** Returns {@code null} for what is no such time. */
    static @Nullable Duration of(String text) {
        Matcher matcher = TIME.matcher(text.strip());
        return matcher.matches()
                ? Duration.ofMillis(new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(millis(matcher.group(2))))
                        .longValue())
                : null;
    }

    private static long millis(@Nullable String unit) {
        return switch (unit == null ? "s" : unit) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1_000;
        };
    }

    /** Returns the time of {@code key}, {@code otherwise} if there is none or if it was reported. */
    static Duration read(Section section, String key, Duration otherwise, Duration longest) {
        Scalar scalar = section.scalar(key, FORMS);
        if (scalar == null) {
            return otherwise;
        }
        Duration time = of(scalar.text());
        if (time == null || time.compareTo(longest) > 0) {
            section.problems().error(section.where(key), scalar.text(), FORMS + ", at most " + longest.toSeconds());
            return otherwise;
        }
        return time;
    }

    /** Returns the time of {@code key}, which is at least a millisecond and of any length. */
    static Duration positive(Section section, String key, Duration otherwise) {
        Scalar scalar = section.scalar(key, FORMS);
        if (scalar == null) {
            return otherwise;
        }
        Duration time = of(scalar.text());
        if (time == null || time.isZero()) {
            section.problems().error(section.where(key), scalar.text(), time == null ? FORMS : "at least 1ms");
            return otherwise;
        }
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }
}
