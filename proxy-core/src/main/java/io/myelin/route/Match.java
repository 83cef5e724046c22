package io.myelin.route;

/** A way to compare a text with part of a request; the names in brackets are HAProxy's suffixes. */
public enum Match {
    /** The whole value. */
    EXACT {
        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            return end == text.length() && regionMatches(value, 0, end, text, ignoreCase);
        }
    },
    /** The beginning of the value ({@code _beg}). */
    BEGINS {
        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            return regionMatches(value, 0, end, text, ignoreCase);
        }
    },
    /** The end of the value ({@code _end}). */
    ENDS {
        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            return regionMatches(value, end - text.length(), end, text, ignoreCase);
        }
    },
    /** Anywhere in the value ({@code _sub}). */
    CONTAINS {
        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            for (int at = 0; at <= end - text.length(); at++) {
                if (regionMatches(value, at, end, text, ignoreCase)) {
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
            return stripped(text, Match::delimiter);
        }

        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            return delimitedMatch(value, end, text, ignoreCase, Match::delimiter);
        }
    },
    /** Whole steps of a path, between the delimiters {@code / ?} ({@code _dir}). */
    STEPS {
        @Override
        String prepare(String text) {
            return stripped(text, Match::slash);
        }

        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            return delimitedMatch(value, end, text, ignoreCase, Match::slash);
        }
    },
    /**
     * The beginning of a path, ending at a segment: {@code /a} matches {@code /a} and {@code /a/b}, not {@code /ab}.
     */
    SEGMENTS {
        @Override
        boolean test(CharSequence value, int end, String text, boolean ignoreCase) {
            return regionMatches(value, 0, end, text, ignoreCase)
                    && (end == text.length() || text.endsWith("/") || value.charAt(text.length()) == '/');
        }
    };

    /** Returns the form of {@code text} that {@link #test} takes. */
    String prepare(String text) {
        return text;
    }

    /** Compares {@code text} with the first {@code end} characters of {@code value}. */
    abstract boolean test(CharSequence value, int end, String text, boolean ignoreCase);

    /** Returns whether {@code c} separates the parts that {@link #DOMAIN} compares. */
    static boolean delimiter(char c) {
        return c == '.' || c == ':' || c == '/' || c == '?';
    }

    /** Authorities and paths are ASCII on the wire, so case folding is too. */
    static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    private static boolean regionMatches(CharSequence value, int from, int end, String text, boolean ignoreCase) {
        if (from < 0 || end - from < text.length()) {
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

    private static boolean slash(char c) {
        return c == '/' || c == '?';
    }

    /** Says which characters separate the parts of a value. */
    @FunctionalInterface
    private interface Delimiters {
        boolean separate(char c);
    }

    private static String stripped(String text, Delimiters delimiters) {
        int from = 0;
        int to = text.length();
        while (from < to && delimiters.separate(text.charAt(from))) {
            from++;
        }
        while (to > from && delimiters.separate(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean delimitedMatch(
            CharSequence value, int end, String text, boolean ignoreCase, Delimiters delimiters) {
        for (int at = 0; at <= end - text.length(); at++) {
            if (ends(value, end, at - 1, delimiters)
                    && ends(value, end, at + text.length(), delimiters)
                    && regionMatches(value, at, end, text, ignoreCase)) {
                return true;
            }
        }
        return false;
    }

    private static boolean ends(CharSequence value, int end, int at, Delimiters delimiters) {
        return at < 0 || at >= end || delimiters.separate(value.charAt(at));
    }
}
