package io.myelin.runtime;

import java.util.ArrayList;
import java.util.List;

/** A line of commands, split as HAProxy does it: at semicolons, then at blanks; a backslash takes either literally. */
final class CommandLine {
    private CommandLine() {}

    /** Returns the words of each command of {@code line}. */
    static List<List<String>> commands(String line) {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int at = 0; at <= line.length(); at++) {
            char c = at == line.length() ? ';' : line.charAt(at);
            if (c == '\\' && at + 1 < line.length()) {
                at++;
                word.append(line.charAt(at));
            } else if (c == ';' || c == ' ' || c == '\t' || c == '\r') {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                if (c == ';') {
                    commands.add(List.copyOf(words));
                    words.clear();
                }
            } else {
                word.append(c);
            }
        }
        return commands;
    }
}
