package io.myelin.benchmarks.conformance;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes as they are written in case files: what is not visible ASCII has a backslash. */
final class Escapes {
    private static final int MOST_SHOWN = 200;
    private static final Pattern REPEATED = Pattern.compile("\\\\\\{(.+?)\\*(\\d+)}");

    private Escapes() {}

    /**
     * Returns the text that {@code written} stands for: {@code \r \n \t \s \0 \\ \xHH}, and <code>\{ab*3}</code> for
     * {@code ababab}.
     *
     * @throws IllegalArgumentException if there is another escape
     */
    static String decode(String written) {
        Matcher repeated = REPEATED.matcher(written);
        String spread = repeated.replaceAll(
                match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))));
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < spread.length()) {
            char c = spread.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = at < spread.length() ? spread.charAt(at++) : ' ';
            if (escaped == 'x') {
                text.append((char) Integer.parseInt(spread.substring(at, at + 2), 16));
                at += 2;
            } else {
                text.append(decode(escaped, written));
            }
        }
        return text.toString();
    }

    private static char decode(char escaped, String written) {
        return switch (escaped) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case 's' -> ' ';
            case '0' -> '\0';
            case '\\' -> '\\';
            default ->
                throw new IllegalArgumentException(
                        written + ": \\" + escaped + " (expected: one of \\r \\n \\t \\s \\0 \\\\ \\xHH \\{text*N})");
        };
    }

    /** Returns {@code text}, or its beginning if it is long, so that a person can read it. */
    static String encode(String text) {
        StringBuilder written = new StringBuilder();
        for (char c : text.substring(0, Math.min(text.length(), MOST_SHOWN)).toCharArray()) {
            switch (c) {
                case '\r' -> written.append("\\r");
                case '\n' -> written.append("\\n");
                case '\t' -> written.append("\\t");
                case '\\' -> written.append("\\\\");
                default ->
                    written.append(
                            c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format(Locale.ROOT, "\\x%02x", (int) c));
            }
        }
        return text.length() > MOST_SHOWN ? written + "..." : written.toString();
    }
}
