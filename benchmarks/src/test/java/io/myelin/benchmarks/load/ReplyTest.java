package io.myelin.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH: 5\r\n\r\nhello";

    private final HttpReply http = new HttpReply();

    @Test
    void anHttpReplyEndsWithItsBodyHoweverItIsCut() {
        for (int cut = 1; cut < OK.length(); cut++) {
            assertThat(http.consume(bytes(OK.substring(0, cut)))).isFalse();
            assertThat(http.consume(bytes(OK.substring(cut)))).isTrue();
            assertThat(http.successful()).isTrue();
        }
    }

    @Test
    void anHttpReplyWithoutABodyEndsWithItsHead() {
        assertThat(http.consume(bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")))
                .isTrue();
    }

    @Test
    void anErrorIsNotASuccess() {
        assertThat(http.consume(bytes("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")))
                .isTrue();
        assertThat(http.successful()).isFalse();
    }

    @Test
    void aReplyOfUnknownLengthIsNotASuccess() {
        assertThat(http.consume(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")))
                .isTrue();
        assertThat(http.successful()).isFalse();
    }

    @Test
    void aFixedReplyCountsBytesAndStartsAgain() {
        FixedReply reply = new FixedReply(5);

        assertThat(reply.consume(bytes("hel"))).isFalse();
        assertThat(reply.consume(bytes("lo"))).isTrue();
        assertThat(reply.consume(bytes("hell"))).isFalse();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
    }
}
