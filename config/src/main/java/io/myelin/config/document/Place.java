package io.myelin.config.document;

/**
 * A position in a file.
 *
 * @param file as named by the user
 * @param line from 1, 0 for the file as a whole
 * @param column from 1, 0 for the file as a whole
 */
public record Place(String file, int line, int column) {
    /** Returns the place that means all of {@code file}. */
    public static Place wholeOf(String file) {
        return new Place(file, 0, 0);
    }

    /** Returns {@code file:line}, or the file alone. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
