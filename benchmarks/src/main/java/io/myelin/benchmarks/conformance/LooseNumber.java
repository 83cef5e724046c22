package io.myelin.benchmarks.conformance;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as {@code strtol} reads them. */
final class LooseNumber {
    private static final Pattern DECIMAL = Pattern.compile("[\\s\\x00]*([+-]?)()([0-9]+).*", Pattern.DOTALL);
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[\\s\\x00]*([+-]?)(0[xX])?([0-9A-Fa-f]+).*", Pattern.DOTALL);

    private LooseNumber() {}

    /** Returns the number at the beginning of {@code text} modulo 2^64, -1 if there is none or it is negative. */
    static long read(String text, int radix) {
        Matcher matcher = (radix == 16 ? HEXADECIMAL : DECIMAL).matcher(text);
        if (!matcher.matches() || matcher.group(1).equals("-")) {
            return -1;
        }
        long value = 0;
        for (char digit : matcher.group(3).toLowerCase(Locale.ROOT).toCharArray()) {
            value = value * radix + Character.digit(digit, radix);
        }
        return value;
    }
}
