package io.myelin.config.haproxy;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line at white space.
 *
 * <p>A backslash keeps a space, {@code #}, quote or backslash from having a meaning, stands with {@code n}, {@code r},
 * {@code t} and {@code xHH} for a character that cannot be written, and is itself otherwise; double quotes keep spaces
 * and {@code #}, single quotes keep backslashes as well; a bare {@code #} begins a comment.
 */
@OwnedBy(Owner.BUILDER)
final class Words {
    private static final char NO_QUOTE = 0;

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private char quote = NO_QUOTE;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    static List<String> of(String line) throws MalformedLineException {
        return new Words(line).split();
    }

    private List<String> split() throws MalformedLineException {
        for (; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '#' && quote == NO_QUOTE) {
                break;
            }
            take(c);
        }
        if (quote != NO_QUOTE) {
            throw new MalformedLineException("the quote " + quote + " is not closed", "a closing " + quote);
        }
        endWord();
        return words;
    }

    private void take(char c) throws MalformedLineException {
        if (c == quote) {
            quote = NO_QUOTE;
        } else if (quote == NO_QUOTE && (c == '"' || c == '\'')) {
            quote = c;
            inWord = true;
        } else if (c == '\\' && quote != '\'') {
            escape();
        } else if (quote == NO_QUOTE && Character.isWhitespace(c)) {
            endWord();
        } else {
            append(c);
        }
    }

    private void escape() throws MalformedLineException {
        if (++at == line.length()) {
            throw new MalformedLineException("ends in a backslash", "\\\\ for a backslash");
        }
        char c = line.charAt(at);
        switch (c) {
            case 'n' -> append('\n');
            case 'r' -> append('\r');
            case 't' -> append('\t');
            case 'x' -> append(hex());
            case ' ', '#', '\\', '"', '\'' -> append(c);
            default -> {
                // Seen in HAProxy 2.6: the backslash of a regular expression stays, but not that of a quoted dollar.
                if (c != '$' || quote != '"') {
                    append('\\');
                }
                append(c);
            }
        }
    }

    private char hex() throws MalformedLineException {
        int high = at + 1 < line.length() ? Character.digit(line.charAt(at + 1), 16) : -1;
        int low = at + 2 < line.length() ? Character.digit(line.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new MalformedLineException("\\x without a number", "two hexadecimal digits");
        }
        at += 2;
        return (char) (high * 16 + low);
    }

    private void append(char c) {
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
