package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.BodyReader.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private final BodyReader body = new BodyReader();
    private final StringBuilder out = new StringBuilder();

    @Test
    void nothingEndsAtOnce() {
        body.expectNothing();

        assertThat(body.ended()).isTrue();
        assertThat(body.endsWithin(0)).isTrue();
        assertThat(read("GET")).isEqualTo("GET");
        assertThat(out).isEmpty();
    }

    @Test
    void aLengthEndsAfterSoManyBytes() {
        body.expectLength(5);

        assertThat(body.framing()).isEqualTo(Framing.LENGTH);
        assertThat(body.ended()).isFalse();
        assertThat(body.endsWithin(4)).isFalse();
        assertThat(body.endsWithin(5)).isTrue();
        assertThat(read("hel")).isEmpty();
        assertThat(body.ended()).isFalse();
        assertThat(body.endsWithin(2)).isTrue();
        assertThat(read("loGET")).isEqualTo("GET");
        assertThat(body.ended()).isTrue();
        assertThat(read("more")).isEqualTo("more");
        assertThat(out).hasToString("hello");
    }

    @Test
    void aLengthOfZeroEndsAtOnce() {
        body.expectLength(0);

        assertThat(body.ended()).isTrue();
        assertThat(read("GET")).isEqualTo("GET");
    }

    @Test
    void aLengthBeyondAnyBufferIsReadOn() {
        body.expectLength(999_999_999_999_999_999L);

        assertThat(read("abc")).isEmpty();
        assertThat(body.ended()).isFalse();
        assertThat(body.endsWithin(Integer.MAX_VALUE)).isFalse();
        assertThat(out).hasToString("abc");
    }

    @Test
    void chunksEndAfterTheLast() {
        body.expectChunks();

        assertThat(body.endsWithin(Integer.MAX_VALUE)).isFalse();
        assertThat(read("1;x\r\na\r")).isEmpty();
        assertThat(body.ended()).isFalse();
        assertThat(read("\n0\r\n\r\nGET")).isEqualTo("GET");
        assertThat(body.ended()).isTrue();
        assertThat(out).hasToString("1\r\na\r\n0\r\n\r\n");
    }

    @Test
    void brokenChunksNeverEnd() {
        body.expectChunks();
        ByteBuf in = Unpooled.copiedBuffer("x\r\n0\r\n\r\n", ISO_8859_1);

        assertThat(body.read(in, true, (source, index, length) -> {})).isEqualTo(Violation.CHUNK);
        assertThat(body.read(in, true, (source, index, length) -> {})).isEqualTo(Violation.CHUNK);
        assertThat(body.ended()).isFalse();
        body.onClose();
        assertThat(body.ended()).isFalse();
    }

    @Test
    void theEndOfTheConnectionEndsOnlyWhatWaitsForIt() {
        body.expectUntilClose();
        assertThat(read("abc")).isEmpty();
        assertThat(body.ended()).isFalse();
        assertThat(body.endsWithin(Integer.MAX_VALUE)).isFalse();
        body.onClose();
        assertThat(body.ended()).isTrue();

        body.expectLength(5);
        body.onClose();
        assertThat(body.ended()).isFalse();

        body.expectChunks();
        body.onClose();
        assertThat(body.ended()).isFalse();
    }

    @Test
    void startsOverWithEveryMessage() {
        body.expectChunks();
        assertThat(read("5\r\nhe")).isEmpty();
        body.expectChunks();
        assertThat(read("1\r\na\r\n0\r\n\r\n")).isEmpty();
        assertThat(body.ended()).isTrue();

        body.expectLength(1);
        assertThat(body.ended()).isFalse();
        body.expectNothing();
        assertThat(body.ended()).isTrue();
    }

    /** Returns what was left unread. */
    private String read(String text) {
        ByteBuf in = Unpooled.copiedBuffer(text, ISO_8859_1);
        assertThat(body.read(
                        in, true, (source, index, length) -> out.append(source.toString(index, length, ISO_8859_1))))
                .isNull();
        return in.toString(ISO_8859_1);
    }
}
