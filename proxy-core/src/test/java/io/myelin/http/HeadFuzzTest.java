package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.ClientConfig.ForwardedFor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares both parsers, and what is composed of what they accept, with a naive reading of the same damaged heads. */
class HeadFuzzTest {
    private static final int INPUTS = 30_000;
    private static final ClientConfig CONFIG = ClientConfig.DEFAULT
            .with()
            .requestTimeout(Duration.ZERO)
            .keepAliveTimeout(Duration.ZERO)
            .maxRequestLineBytes(8_192)
            .maxHeadBytes(65_536)
            .maxHeaderFields(100)
            .forwardedFor(ForwardedFor.OFF)
            .build();
    private static final String[] REQUESTS = {
        "GET / HTTP/1.1\r\nHost: web\r\n\r\n",
        "GET /a/b?c=d HTTP/1.0\r\nUser-Agent: x\r\nConnection: keep-alive\r\n\r\n",
        "\r\nPOST /a HTTP/1.1\r\nHost: web.example.com:8080\r\nContent-Length: 12\r\nA:b\r\nConnection: close\r\n\r\n",
        "PUT http://[::1]:80/a?b HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\nX-Secret: 1\r\n"
                + "Connection: X-Secret, keep-alive\r\nAccept: */*\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: 10.0.0.1\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\nA: b, c\t\u00e4\r\n\r\n",
        "OPTIONS http://web HTTP/1.1\r\nHost: web\r\nExpect: 100-continue\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: web\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a==\r\n\r\n"
    };
    private static final String[] RESPONSES = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\nX-Secret: 1\r\nConnection: X-Secret\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nServer: old one\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\n\r\n",
        "HTTP/1.1 204\r\nA: b\r\nETag: \"x\"\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n"
    };

    private final HeadRewrite rewrite =
            new HeadRewrite(CONFIG, "10.1.2.3", new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));

    @Test
    void requestsAreReadAsTheReferenceDoes() {
        Random random = new Random(9_112);
        RequestHead head = new RequestHead().within(CONFIG);
        int accepted = 0;
        for (int i = 0; i < INPUTS; i++) {
            String text = Mutation.of(REQUESTS[random.nextInt(REQUESTS.length)], random);
            byte[] bytes = Heads.bytes(text);
            ReferenceHead expected = ReferenceHead.request(text);
            int length = rewrite.request(bytes, bytes.length);

            assertThat(length >= 0).as(text).isEqualTo(expected != null);
            if (expected != null) {
                accepted++;
                assertThat(length).isEqualTo(expected.length());
                assertThat(rewrite.request().chunked()).isEqualTo(expected.chunked());
                assertThat(rewrite.request().contentLength()).isEqualTo(expected.contentLength());
                assertThat(rewrite.request().method())
                        .hasToString(expected.start().get(0));
                assertTravels(expected.forwardedRequest("127.0.0.1:8080"), ReferenceHead.request(written()), expected);
            }
            for (int split = 0; split < 2; split++) {
                Heads.assertSplitAgrees(head, head::violation, bytes, random.nextInt(bytes.length + 1), length);
            }
        }
        assertThat(accepted).isBetween(INPUTS / 5, INPUTS * 4 / 5);
    }

    @Test
    void responsesAreReadAsTheReferenceDoes() {
        Random random = new Random(9_110);
        ResponseHead head = new ResponseHead();
        int accepted = 0;
        for (int i = 0; i < INPUTS; i++) {
            String text = Mutation.of(RESPONSES[random.nextInt(RESPONSES.length)], random);
            byte[] bytes = Heads.bytes(text);
            ReferenceHead expected = ReferenceHead.response(text);
            assertThat(Heads.parse(rewrite.request(), REQUESTS[0])).isPositive();
            int length = rewrite.response(bytes, bytes.length);

            assertThat(length >= 0).as(text).isEqualTo(expected != null);
            if (expected != null) {
                accepted++;
                assertThat(length).isEqualTo(expected.length());
                assertTravels(expected.forwardedResponse(), ReferenceHead.response(written()), expected);
            }
            for (int split = 0; split < 2; split++) {
                Heads.assertSplitAgrees(head, head::violation, bytes, random.nextInt(bytes.length + 1), length);
            }
        }
        assertThat(accepted).isBetween(INPUTS / 5, INPUTS * 4 / 5);
    }

    private void assertTravels(String expected, @Nullable ReferenceHead understood, ReferenceHead received) {
        String written = written();
        assertThat(written).as("%s", received).isEqualTo(expected);
        assertThat(understood).as(written).isNotNull();
        assertThat(understood.length()).isEqualTo(written.length());
    }

    private String written() {
        ByteBuf out = Unpooled.buffer();
        rewrite.copyTo(out);
        return out.toString(ISO_8859_1);
    }
}
