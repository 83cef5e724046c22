package io.myelin.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;

/**
 * What a client says and how it knows the reply.
 *
 * @param request the bytes of one request, shared by every connection
 * @param newReply makes the reader of one connection's replies
 */
record Dialogue(ByteBuf request, Supplier<Reply> newReply) {
    private static final String BROWSER_FIELDS = """
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36\r
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
            Accept-Language: en-GB,en;q=0.9,de;q=0.7\r
            Accept-Encoding: gzip, deflate, br\r
            Referer: http://shop.internal.example.com/catalogue/items?page=7&sort=price\r
            Cookie: session=0f8fad5bd9cb469fa16570867728950e; theme=dark; consent=1; cart=7c9e6679742540de944be07fc1f90ae7; \
            stats=GA1.2.1234567890.1609459200; trial=checkout-b,search-a,header-c; last=7f3a9c21d84e4b0f9d1c5e2a\r
            X-Request-Id: 1b4e28ba-2fa1-11d2-883f-0016d3cca427\r
            Cache-Control: max-age=0\r
            """;

    /** Returns an HTTP/1.1 request for {@code path}: POST if there is a body, GET otherwise. */
    static Dialogue http(String path, int bodyBytes, boolean browserFields, boolean close) {
        String head = (bodyBytes > 0 ? "POST " : "GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + (browserFields ? BROWSER_FIELDS : "")
                + (bodyBytes > 0 ? "Content-Length: " + bodyBytes + "\r\n" : "")
                + (close ? "Connection: close\r\n" : "")
                + "\r\n";
        return new Dialogue(bytes(head.getBytes(US_ASCII), bodyBytes), HttpReply::new);
    }

    /** Returns a request of {@code requestBytes}, answered by {@code replyBytes}. */
    static Dialogue tcp(int requestBytes, int replyBytes) {
        return new Dialogue(bytes(new byte[0], requestBytes), () -> new FixedReply(replyBytes));
    }

    private static ByteBuf bytes(byte[] head, int zeros) {
        return CannedBytes.of(head, (byte) 0, zeros);
    }
}
