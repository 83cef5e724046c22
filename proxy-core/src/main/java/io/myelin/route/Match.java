package io.myelin.route;

/** A way to compare a text with part of a request; the names in brackets are HAProxy's suffixes. */
public enum Match {
    /** The whole value. */
    EXACT {
        @Override
        boolean test(CharSequence value, String text, boolean ignoreCase) {
            return value.length() == text.length() && regionMatches(value, 0, text, ignoreCase);
        }
    },
    /** The beginning of the value ({@code _beg}). */
    BEGINS {
        @Override
        boolean test(CharSequence value, String text, boolean ignoreCase) {
            return regionMatches(value, 0, text, ignoreCase);
        }
    },
    /** The end of the value ({@code _end}). */
    ENDS {
        @Override
        boolean test(CharSequence value, String text, boolean ignoreCase) {
            return regionMatches(value, value.length() - text.length(), text, ignoreCase);
        }
    },
    /** Anywhere in the value ({@code _sub}). */
    CONTAINS {
        @Override
        boolean test(CharSequence value, String text, boolean ignoreCase) {
            for (int at = 0; at <= value.length() - text.length(); at++) {
                if (regionMatches(value, at, text, ignoreCase)) {
                    return true;
                }
            }
            return false;
        }
    },
    /**
     * Whole parts of the value between the delimiters {@code . : / ?} ({@code _dom}); those around the text itself do
     * not count.
     */
    DOMAIN {
        @Override
        String prepare(String text) {
            int from = 0;
            int to = text.length();
            while (from < to && delimited(text, from)) {
                from++;
            }
            while (to > from && delimited(text, to - 1)) {
                to--;
            }
            return text.substring(from, to);
        }

        @Override
        boolean test(CharSequence value, String text, boolean ignoreCase) {
            for (int at = 0; at <= value.length() - text.length(); at++) {
                if (delimited(value, at - 1)
                        && delimited(value, at + text.length())
                        && regionMatches(value, at, text, ignoreCase)) {
                    return true;
                }
            }
            return false;
        }
    },
    /**
     * The beginning of a path, ending at a segment: {@code /a} matches {@code /a} and {@code /a/b}, not {@code /ab}.
     */
    SEGMENTS {
        @Override
        boolean test(CharSequence value, String text, boolean ignoreCase) {
            return regionMatches(value, 0, text, ignoreCase)
                    && (value.length() == text.length() || text.endsWith("/") || value.charAt(text.length()) == '/');
        }
    };

    /** Returns the form of {@code text} that {@link #test} takes. */
    String prepare(String text) {
        return text;
    }

    abstract boolean test(CharSequence value, String text, boolean ignoreCase);

    private static boolean regionMatches(CharSequence value, int from, String text, boolean ignoreCase) {
        if (from < 0 || value.length() - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char a = value.charAt(from + i);
            char b = text.charAt(i);
            if (a != b && !(ignoreCase && lower(a) == lower(b))) {
                return false;
            }
        }
        return true;
    }

    /** Authorities and paths are ASCII on the wire, so case folding is too. */
    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    private static boolean delimited(CharSequence value, int at) {
        if (at < 0 || at >= value.length()) {
            return true;
        }
        char c = value.charAt(at);
        return c == '.' || c == ':' || c == '/' || c == '?';
    }
}
