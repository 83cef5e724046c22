package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadBytesTest {
    private static final int LIMIT = 64 * 1024;

    private final HeadBytes headBytes = new HeadBytes();
    private final RequestHead head = new RequestHead();

    @ParameterizedTest
    @ValueSource(
            ints = {
                30, 2_046, 2_047, 2_048, 2_049, 2_050, 8_190, 8_191, 8_192, 8_193, 8_194, 32_767, 32_768, 32_769,
                60_000, 65_534, 65_535, 65_536
            })
    void readsAHeadOfAnySizeUpToTheLimit(int size) {
        String text = headOf(size);
        for (int behind : new int[] {0, 1, 5_000, 100_000}) {
            ByteBuf in = Unpooled.copiedBuffer(Heads.bytes("??" + text + "x".repeat(behind)));
            in.readerIndex(2);

            assertThat(headBytes.parse(in, LIMIT, head)).isEqualTo(size);
            assertThat(in.readerIndex()).isEqualTo(2);
            assertThat(head.fields().valueEnd(1) - head.fields().valueStart(1))
                    .isEqualTo(size - headOf(0).length());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 2_048, 2_049, 8_192, 8_193, 60_000, 65_536})
    void aHeadThatLacksItsLastByteIsIncomplete(int size) {
        byte[] bytes = Heads.bytes(headOf(size));

        assertThat(headBytes.parse(Unpooled.wrappedBuffer(bytes, 0, size - 1), LIMIT, head))
                .isEqualTo(Fields.INCOMPLETE);
    }

    @Test
    void aHeadBeyondTheLimitIsNeverComplete() {
        for (int limit : new int[] {1, 40, 100, 2_048, 5_000, LIMIT}) {
            ByteBuf in = Unpooled.wrappedBuffer(Heads.bytes(headOf(Math.max(limit + 1, 40))));

            assertThat(headBytes.parse(in, limit, head)).isEqualTo(Fields.INCOMPLETE);
        }
    }

    @Test
    void nothingIsIncomplete() {
        assertThat(headBytes.parse(Unpooled.EMPTY_BUFFER, LIMIT, head)).isEqualTo(Fields.INCOMPLETE);
    }

    @Test
    void aHeadBehindALongerOneIsReadAlone() {
        assertThat(headBytes.parse(Unpooled.wrappedBuffer(Heads.bytes(headOf(60_000))), LIMIT, head))
                .isEqualTo(60_000);
        assertThat(headBytes.parse(Unpooled.wrappedBuffer(Heads.bytes("GET / HTTP/1.1\r\nHost: w\r\n")), LIMIT, head))
                .isEqualTo(Fields.INCOMPLETE);
    }

    /** Returns a head of {@code size} bytes, or the shortest if that is longer. */
    private static String headOf(int size) {
        String start = "GET / HTTP/1.1\r\nHost:w\r\nA:";
        return start + "b".repeat(Math.max(0, size - start.length() - 4)) + "\r\n\r\n";
    }
}
