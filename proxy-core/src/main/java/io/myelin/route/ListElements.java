package io.myelin.route;

/** The elements of a header field whose value is a list (RFC 9110 section 5.6.1): between commas outside of quotes. */
public final class ListElements {
    private ListElements() {}

    /** Returns where the element that begins at {@code from} ends: at the position of a comma, or the length. */
    public static int end(CharSequence value, int from) {
        boolean quoted = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return value.length();
    }

    /** Returns where the text between the two positions begins after white space. */
    public static int trimmedStart(CharSequence value, int from, int to) {
        int start = from;
        while (start < to && isBlank(value.charAt(start))) {
            start++;
        }
        return start;
    }

    /** Returns where the text between the two positions ends before white space. */
    public static int trimmedEnd(CharSequence value, int from, int to) {
        int end = to;
        while (end > from && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** Returns how many elements the list has. */
    public static int count(CharSequence value) {
        int count = 0;
        for (int from = 0; from <= value.length(); from = end(value, from) + 1) {
            count++;
        }
        return count;
    }

    /** Returns whether one of the elements passes. */
    static boolean anyPasses(CharSequence value, TextCriterion test) {
        int end = end(value, 0);
        if (end == value.length()) {
            return test.passes(value);
        }
        for (int from = 0; from <= value.length(); from = end + 1) {
            end = end(value, from);
            int start = trimmedStart(value, from, end);
            if (test.passes(value.subSequence(start, trimmedEnd(value, start, end)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
