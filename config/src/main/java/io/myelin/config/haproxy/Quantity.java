package io.myelin.config.haproxy;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and times as lines of the dialect write them. */
final class Quantity {
    /** HAProxy counts times in milliseconds of 31 bits. */
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    /** The largest number that counts connections or requests. */
    static final int MOST = 999_999_999;

    private static final String TIME_FORMS = "such as 500, 250ms or 2s";
    private static final Pattern TIME = Pattern.compile("(\\d{1,15})(us|ms|s|m|h|d)?");

    private Quantity() {}

    /** Returns the time that {@code word} is; a plain number counts milliseconds. */
    static Duration time(String word) throws MalformedLineException {
        return time(word, "ms");
    }

    /** Returns the time that {@code word} is; a plain number counts seconds. */
    static Duration seconds(String word) throws MalformedLineException {
        return Duration.ofSeconds(time(word, "s").toSeconds());
    }

    private static Duration time(String word, String plainUnit) throws MalformedLineException {
        requireWord(word, "a time", TIME_FORMS);
        Matcher matcher = TIME.matcher(word);
        if (!matcher.matches()) {
            throw new MalformedLineException("`" + word + "` is not a time", TIME_FORMS);
        }
        Duration time = unit(matcher.group(2) == null ? plainUnit : matcher.group(2))
                .multipliedBy(Long.parseLong(matcher.group(1)));
        if (time.compareTo(LONGEST) > 0) {
            throw new MalformedLineException("`" + word + "` is too long", "at most 24d");
        }
        return time;
    }

    /** Returns a time that must not be zero. */
    static Duration positiveTime(String word) throws MalformedLineException {
        Duration time = time(word);
        if (time.isZero()) {
            throw new MalformedLineException("`" + word + "` is no time at all", "more than 0");
        }
        return time;
    }

    static int number(String word, int min, int max) throws MalformedLineException {
        requireWord(word, "a number", min + ".." + max);
        if (!word.matches("\\d{1,9}") || Integer.parseInt(word) < min || Integer.parseInt(word) > max) {
            String what = word.matches("-?\\d+") ? "` is out of range" : "` is not a number";
            throw new MalformedLineException("`" + word + what, min + ".." + max);
        }
        return Integer.parseInt(word);
    }

    private static void requireWord(String word, String what, String expected) throws MalformedLineException {
        if (word.isEmpty()) {
            throw new MalformedLineException(what + " is missing", expected);
        }
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "us" -> Duration.ofNanos(1_000);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofMillis(1);
        };
    }
}
