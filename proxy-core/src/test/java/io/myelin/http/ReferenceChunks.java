package io.myelin.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The chunked coding of one body as read by the letter of RFC 9112 section 7.1, slowly and from complete text.
 *
 * @param payload the data without its coding
 * @param coding the data in its coding, without extensions and trailer fields
 * @param length how much of the text the body is
 */
record ReferenceChunks(String payload, String coding, int length) {
    private static final Pattern SIZE_LINE =
            Pattern.compile("([0-9A-Fa-f]{1,15})(;[\\t\\x20-\\x7e\\x80-\\xff]{0,4096})?\\r\\n");
    private static final Pattern TRAILER_LINE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n");

    /** Returns the body at the beginning of {@code text}, {@code null} if it is broken or does not end. */
    static @Nullable ReferenceChunks read(String text) {
        StringBuilder payload = new StringBuilder();
        StringBuilder coding = new StringBuilder();
        Matcher line = SIZE_LINE.matcher(text);
        int at = 0;
        while (line.region(at, text.length()).lookingAt()) {
            long size = Long.parseLong(line.group(1), 16);
            coding.append(line.group(1)).append("\r\n");
            if (size == 0) {
                return readTrailer(text, line.end(), payload, coding);
            }
            long end = line.end() + size;
            if (end + 2 > text.length() || !text.startsWith("\r\n", (int) end)) {
                return null;
            }
            payload.append(text, line.end(), (int) end);
            coding.append(text, line.end(), (int) end + 2);
            at = (int) end + 2;
        }
        return null;
    }

    private static @Nullable ReferenceChunks readTrailer(
            String text, int from, StringBuilder payload, StringBuilder coding) {
        Matcher line = TRAILER_LINE.matcher(text);
        int at = from;
        while (line.region(at, text.length()).lookingAt()) {
            at = line.end();
        }
        if (!text.startsWith("\r\n", at) || at + 2 - from > 16_384) {
            return null;
        }
        return new ReferenceChunks(payload.toString(), coding.append("\r\n").toString(), at + 2);
    }
}
