package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.failure.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients are answered with in place of the proxy's own words for a failure.
 *
 * @param head status line and header fields, each with its line end, but for those that say how long the response is
 *     and what becomes of the connection
 * @param body one byte a character
 */
public record ErrorPage(String head, String body) {
    /** HAProxy's own limit, with its usual buffers. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final String END = "\r\n";
    private static final Pattern BLANK_LINE = Pattern.compile("\\r?\\n\\r?\\n");

    /**
     * Returns the page that {@code response}, a whole one of HTTP/1, is.
     *
     * @throws IllegalArgumentException if it is none, with a message for people
     */
    public static ErrorPage of(String response) {
        if (response.length() > MAX_BYTES) {
            throw new IllegalArgumentException("is larger than " + MAX_BYTES + " bytes");
        }
        Matcher blank = BLANK_LINE.matcher(response);
        boolean whole = blank.find();
        String[] lines = (whole ? response.substring(0, blank.start()) : response).split("\\r?\\n", -1);
        if (!whole || !lines[0].matches("HTTP/1\\.[01] [1-5]\\d\\d( [ -~]*)?")) {
            throw new IllegalArgumentException(
                    "is not a response with status line, header fields, blank line and body");
        }
        StringBuilder head = new StringBuilder("HTTP/1.1" + lines[0].substring("HTTP/1.1".length()) + END);
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t -~\\x80-\\xff]*")) {
                throw new IllegalArgumentException("has a line among its header fields that is none");
            }
            if (!lines[i].toLowerCase(Locale.ROOT)
                    .matches("(connection|content-length|transfer-encoding|keep-alive) *:.*")) {
                head.append(lines[i]).append(END);
            }
        }
        return new ErrorPage(head.toString(), response.substring(blank.end()));
    }

    /**
     * Returns the page that sends clients elsewhere.
     *
     * @param status 302, or 303 to have them come with GET
     * @throws IllegalArgumentException if {@code location} cannot stand in a header field
     */
    public static ErrorPage redirect(int status, String location) {
        if (!location.matches("[!-~]+")) {
            throw new IllegalArgumentException("is not a URL");
        }
        String reason = status == 303 ? "See Other" : "Found";
        return new ErrorPage(
                "HTTP/1.1 " + status + " " + reason + END + "Cache-Control: no-cache" + END + "Location: " + location
                        + END,
                "");
    }

    /** Returns the response, which the caller takes over. */
    ByteBuf response(Failure failure, boolean withBody, boolean close, ByteBufAllocator allocator) {
        String text = head
                + "Content-Length: " + body.length() + END
                + FailureResponse.HEADER + ": " + failure.label() + END
                + (close ? "Connection: close" + END : "")
                + END
                + (withBody ? body : "");
        byte[] bytes = text.getBytes(ISO_8859_1);
        return allocator.directBuffer(bytes.length).writeBytes(bytes);
    }
}
