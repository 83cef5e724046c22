package io.myelin.benchmarks.conformance;

import org.jspecify.annotations.Nullable;

/**
 * Where a body ends in some text, and what it is.
 *
 * @param content without its coding
 * @param end the position after it
 */
record Body(String content, int end) {
    private static final int MOST_DIGITS = 15;

    /** A text that is not a body. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Returns the body of that length from {@code from} on, {@code null} if not all of it is there. */
    static @Nullable Body ofLength(String text, int from, long length) {
        long end = from + length;
        return end > text.length() ? null : new Body(text.substring(from, (int) end), (int) end);
    }

    /**
     * Returns the chunked body from {@code from} on, {@code null} if not all of it is there.
     *
     * @param loose whether sizes are numbers as C reads them, and line feeds end lines
     * @throws BrokenException if this is no chunked body
     */
    static @Nullable Body ofChunks(String text, int from, boolean loose) throws BrokenException {
        StringBuilder content = new StringBuilder();
        int at = from;
        while (true) {
            int lineEnd = text.indexOf(loose ? "\n" : "\r\n", at);
            if (lineEnd < 0) {
                return null;
            }
            long size = loose ? LooseNumber.read(text.substring(at, lineEnd), 16) : size(text.substring(at, lineEnd));
            at = lineEnd + (loose ? 1 : 2);
            if (size < 0) {
                throw new BrokenException();
            }
            if (size == 0) {
                return afterTrailer(text, at, content.toString());
            }
            if (at + size + 2 > text.length()) {
                return null;
            }
            content.append(text, at, (int) (at + size));
            at += (int) size;
            if (text.startsWith("\r\n", at)) {
                at += 2;
            } else if (loose && text.charAt(at) == '\n') {
                at++;
            } else {
                throw new BrokenException();
            }
        }
    }

    private static @Nullable Body afterTrailer(String text, int from, String content) {
        int at = from;
        for (int lineEnd = text.indexOf("\r\n", at); lineEnd >= 0; lineEnd = text.indexOf("\r\n", at)) {
            boolean last = lineEnd == at;
            at = lineEnd + 2;
            if (last) {
                return new Body(content, at);
            }
        }
        return null;
    }

    /** Returns the number on a line that begins a chunk, -1 if it is none. */
    private static long size(String line) {
        int semicolon = line.indexOf(';');
        String digits = semicolon < 0 ? line : line.substring(0, semicolon);
        return digits.matches("[0-9A-Fa-f]{1," + MOST_DIGITS + "}") ? Long.parseLong(digits, 16) : -1;
    }
}
