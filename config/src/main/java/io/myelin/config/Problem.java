package io.myelin.config;

/**
 * Something in a configuration file that is wrong, or that has no effect.
 *
 * @param severity whether what it concerns can be used all the same
 * @param file as named by the user
 * @param line from 1, 0 if the file as a whole is meant
 * @param column from 1, 0 if the file as a whole is meant
 * @param key the path of the key, such as {@code services.web.haproxy.port}, empty for the file as a whole
 * @param message what is wrong
 * @param expected what would be right, empty if nothing can be said
 * @param service the only service it harms, empty if it harms all
 */
public record Problem(
        Severity severity,
        String file,
        int line,
        int column,
        String key,
        String message,
        String expected,
        String service) {
    /** How bad it is. */
    public enum Severity {
        /** What it concerns cannot be used. */
        ERROR,
        /** It has no effect, or another one than its author may think. */
        WARNING
    }

    /** Returns {@code file:line:column: key: what (expected: ...)}. */
    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        String subject = key.isEmpty() ? "" : key + ": ";
        String hint = expected.isEmpty() ? "" : " (expected: " + expected + ")";
        return place + ": " + (severity == Severity.WARNING ? "warning: " : "") + subject + message + hint;
    }
}
