package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers with a fraction. */
final class Decimals {
    private static final Pattern FORM = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?|\\.\\d{1,12}");

    private Decimals() {}

    /** Returns the number that {@code text} is, {@code null} unless it is one and more than 0. */
    static @Nullable Double positive(String text) {
        String stripped = text.strip();
        if (!FORM.matcher(stripped).matches()) {
            return null;
        }
        double number = Double.parseDouble(stripped);
        return number > 0 ? number : null;
    }

    /** Returns the value of {@code key}: a number of at least {@code least} and more than 0, or infinity. */
    static double rate(Section section, String key, double least) {
        String expected = least > 0 ? "at least " + least : "a number above 0";
        Scalar scalar = section.scalar(key, expected);
        if (scalar == null || isInfinite(scalar.text())) {
            return Double.POSITIVE_INFINITY;
        }
        Double rate = positive(scalar.text());
        if (rate == null || rate < least) {
            section.problems().error(section.where(key), scalar.text(), expected);
            return Double.POSITIVE_INFINITY;
        }
        return rate;
    }

    private static boolean isInfinite(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        return word.equals("infinity") || word.equals(".inf");
    }
}
