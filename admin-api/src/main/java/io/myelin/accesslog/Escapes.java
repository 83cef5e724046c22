package io.myelin.accesslog;

/** Ways of writing text that a peer chose, so that it can neither end a field nor a line. */
final class Escapes {
    private static final String DIGITS = "0123456789ABCDEF";

    private Escapes() {}

    /** Appends {@code text} for a place between double quotes: backslashes before quotes, {@code \xHH} for the rest. */
    static void quoted(CharSequence text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (printable(c)) {
                out.append(c);
            } else {
                code("\\x", c, out);
            }
        }
    }

    /** Appends {@code text} for a place that ends at a space. */
    static void word(CharSequence text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (printable(c) && c != ' ' && c != '"' && c != '\\') {
                out.append(c);
            } else {
                code("\\x", c, out);
            }
        }
    }

    /** Appends {@code text} as HAProxy writes it (its manual, section 8.6), except for {@code further} characters. */
    static void haproxy(CharSequence text, String further, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (printable(c) && c != '"' && c != '#' && further.indexOf(c) < 0) {
                out.append(c);
            } else {
                code("#", c, out);
            }
        }
    }

    private static boolean printable(char c) {
        return c >= ' ' && c < 0x7f;
    }

    /** Names of members and pools may have characters of more than one byte; their lower byte has to do. */
    private static void code(String prefix, char c, StringBuilder out) {
        out.append(prefix).append(DIGITS.charAt((c >> 4) & 0xf)).append(DIGITS.charAt(c & 0xf));
    }
}
