package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Texts read as values; what cannot be read is reported and {@code null}. */
final class Values {
    static final String DURATION_FORMS = "a number with a unit, such as 250ms, 2s or 1m";
    static final String SIZE_FORMS = "a number of bytes such as 8192, 8KiB or 1MiB";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KiB|MiB|GiB)?");
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);
    private static final int LARGEST_SIZE = 16 * 1024 * 1024;

    private Values() {}

    static @Nullable Boolean flag(Scalar scalar, Where where, Problems problems) {
        switch (scalar.text().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> {
                return true;
            }
            case "false", "no", "off" -> {
                return false;
            }
            default -> {
                problems.error(where, scalar.text(), "true or false");
                return null;
            }
        }
    }

    static @Nullable Integer number(Scalar scalar, Where where, int min, int max, Problems problems) {
        String text = scalar.text().strip();
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        problems.error(where, scalar.text(), min + ".." + max);
        return null;
    }

    static @Nullable Duration duration(Scalar scalar, Where where, Problems problems) {
        String text = scalar.text().strip();
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            boolean bare = text.matches("\\d+");
            problems.error(where, bare ? text + " has no unit" : scalar.text(), DURATION_FORMS);
            return null;
        }
        Duration duration = unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
        if (duration.compareTo(LONGEST) > 0) {
            problems.error(where, scalar.text(), "at most 24d");
            return null;
        }
        return duration;
    }

    static @Nullable Integer size(Scalar scalar, Where where, Problems problems) {
        Matcher matcher = SIZE.matcher(scalar.text().strip());
        if (!matcher.matches()) {
            problems.error(where, scalar.text(), SIZE_FORMS);
            return null;
        }
        long size = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
        if (size < 1 || size > LARGEST_SIZE) {
            problems.error(where, scalar.text(), "1..16MiB");
            return null;
        }
        return (int) size;
    }

    /** Returns a number of bytes that may be none and more than fits in memory. */
    static @Nullable Long bytes(Scalar scalar, Where where, long max, Problems problems) {
        Matcher matcher = SIZE.matcher(scalar.text().strip());
        if (!matcher.matches()) {
            problems.error(where, scalar.text(), SIZE_FORMS);
            return null;
        }
        long bytes = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
        if (bytes > max) {
            problems.error(where, scalar.text(), "0.." + (max >> 20) + "MiB");
            return null;
        }
        return bytes;
    }

    private static int shift(@Nullable String unit) {
        return "GiB".equals(unit) ? 30 : "MiB".equals(unit) ? 20 : "KiB".equals(unit) ? 10 : 0;
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofMillis(1);
        };
    }
}
