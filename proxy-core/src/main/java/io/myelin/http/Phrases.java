package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The fixed texts of the heads that the proxy writes. */
final class Phrases {
    static final byte[] VERSION_LINE_END = ascii(" HTTP/1.1\r\n");
    static final byte[] STATUS_LINE = ascii("HTTP/1.1 ");
    static final byte[] CHUNKED_LINE = ascii("Transfer-Encoding: chunked\r\n");
    static final byte[] CLOSE_LINE = ascii("Connection: close\r\n");
    static final byte[] KEEP_ALIVE_LINE = ascii("Connection: keep-alive\r\n");
    static final byte[] UPGRADE_LINE = ascii("Connection: upgrade\r\n");
    static final byte[] TRAILERS_LINES = ascii("TE: trailers\r\nConnection: TE\r\n");
    static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");

    private Phrases() {}

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
