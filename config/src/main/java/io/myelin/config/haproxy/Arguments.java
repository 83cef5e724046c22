package io.myelin.config.haproxy;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.route.Regex;
import java.util.List;

/** The words of a rule that have not been read yet. */
@OwnedBy(Owner.BUILDER)
final class Arguments {
    private final List<String> words;
    private int at;

    Arguments(List<String> words) {
        this.words = words;
    }

    /** Returns whether there is another word before the condition. */
    boolean more() {
        return at < words.size()
                && !words.get(at).equals("if")
                && !words.get(at).equals("unless");
    }

    /** Returns the next word. */
    String next(String what) throws MalformedLineException {
        if (at == words.size()) {
            throw new MalformedLineException(what + " is missing", what);
        }
        return words.get(at++);
    }

    /** Takes the next word if it is {@code word}, and returns whether it was. */
    boolean take(String word) {
        boolean there = at < words.size() && words.get(at).equals(word);
        at += there ? 1 : 0;
        return there;
    }

    /** Returns the next word as a regular expression. */
    Regex expression(boolean ignoreCase) throws MalformedLineException {
        return regex(next("a regular expression"), ignoreCase);
    }

    /** Returns what has not been read. */
    List<String> rest() {
        return words.subList(at, words.size());
    }

    static Regex regex(String text, boolean ignoreCase) throws MalformedLineException {
        try {
            return Regex.of(text, ignoreCase);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException(String.valueOf(e.getMessage()), "the syntax of RE2");
        }
    }
}
