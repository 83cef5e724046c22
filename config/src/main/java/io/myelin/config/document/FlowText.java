package io.myelin.config.document;

/** Texts that begin with a brace: JSON, and YAML that is laid out like it, in which indentation says nothing. */
final class FlowText {
    private static final String AROUND_WORDS = ":,[]{}#\n\r";

    private FlowText() {}

    /** Returns whether the first character that is neither blank nor part of a comment is a brace. */
    static boolean begins(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#' || text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                return c == '{';
            }
        }
        return false;
    }

    /** Returns {@code text} with a space for each tab that stands between its words, where YAML has no use for one. */
    static String withoutTabs(String text) {
        char[] chars = text.toCharArray();
        int at = 0;
        while (at < chars.length) {
            int end = at;
            while (end < chars.length && (chars[end] == ' ' || chars[end] == '\t')) {
                end++;
            }
            if (isEdge(chars, at - 1) || isEdge(chars, end)) {
                for (int i = at; i < end; i++) {
                    chars[i] = ' ';
                }
            }
            at = end + 1;
        }
        return new String(chars);
    }

    private static boolean isEdge(char[] chars, int at) {
        return at < 0 || at >= chars.length || AROUND_WORDS.indexOf(chars[at]) >= 0;
    }
}
