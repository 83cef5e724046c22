package io.myelin.health.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a line of arguments into words, as Tye does. */
final class Arguments {
    /*
     * Words are separated by spaces and tabs. Double quotes hold together what is between them; a backslash before a
     * double quote stands for the quote, any other one for itself. %NAME% stands for a variable, inside the word it is in;
     * that of an unknown variable stays as it is.
     */
    private static final Pattern VARIABLE = Pattern.compile("%([^%\\s]+)%");

    private Arguments() {}

    static List<String> of(String line, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i < line.length(); i++) {
            char next = line.charAt(i);
            if (next == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                word.append('"');
                begun = true;
                i++;
            } else if (next == '"') {
                quoted = !quoted;
                begun = true;
            } else if (!quoted && Character.isWhitespace(next)) {
                if (begun) {
                    words.add(filled(word, environment));
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(next);
                begun = true;
            }
        }
        if (begun) {
            words.add(filled(word, environment));
        }
        return words;
    }

    private static String filled(CharSequence word, Map<String, String> environment) {
        return VARIABLE.matcher(word)
                .replaceAll(found -> Matcher.quoteReplacement(environment.getOrDefault(found.group(1), found.group())));
    }
}
