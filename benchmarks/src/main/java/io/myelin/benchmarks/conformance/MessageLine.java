package io.myelin.benchmarks.conformance;

/** A line of a message as it is written in a case file. */
final class MessageLine {
    private MessageLine() {}

    /** Returns the text that {@code line} stands for: with CR LF at its end, unless it ends with one backslash. */
    static String decode(String line) {
        boolean open = line.endsWith("\\") && !line.endsWith("\\\\");
        return open ? Escapes.decode(line.substring(0, line.length() - 1)) : Escapes.decode(line) + "\r\n";
    }
}
