package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import java.util.List;

/**
 * One line of a section, split into its words.
 *
 * @param text as written
 * @param words without quotes and escapes; empty for a comment or a line that cannot be split
 */
public record Line(String text, List<String> words, Where where) {
    public Line {
        words = List.copyOf(words);
    }

    /** Returns the line that {@code text} is; one that cannot be split is reported and has no words. */
    public static Line of(String text, Where where, Problems problems) {
        try {
            return new Line(text.strip(), Words.of(text), where);
        } catch (MalformedLineException e) {
            problems.error(where, "`" + text.strip() + "`: " + e.reason(), e.expected());
            return new Line(text.strip(), List.of(), where);
        }
    }

    /** Returns the word at {@code index}, empty beyond the end. */
    public String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    /** Returns the words from {@code index} on. */
    public List<String> from(int index) {
        return words.subList(Math.min(index, words.size()), words.size());
    }

    /** Returns whether the line begins with these words. */
    public boolean startsWith(String first, String... next) {
        if (!word(0).equals(first)) {
            return false;
        }
        for (int i = 0; i < next.length; i++) {
            if (!word(i + 1).equals(next[i])) {
                return false;
            }
        }
        return true;
    }

    void error(Problems problems, String message, String expected) {
        problems.error(where, "`" + text + "`: " + message, expected);
    }

    void warning(Problems problems, String message) {
        problems.warning(where, "`" + text + "`: " + message);
    }
}
