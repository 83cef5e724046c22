package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {
    private final HeadWriter writer = new HeadWriter();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 999, 65_535, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE})
    void writesNumbersInDecimal(long value) {
        writer.one((byte) '<');
        writer.number(value);
        writer.one((byte) '>');

        assertThat(writer).hasToString("<" + value + ">");
    }

    @Test
    void growsWithWhatIsWritten() {
        String expected = "";
        for (int size : new int[] {4_095, 1, 1, 5_000, 100_000}) {
            String piece = "x".repeat(size - 1) + "y";
            writer.bytes(Heads.bytes(piece));
            expected += piece;
        }
        writer.crlf();

        assertThat(writer).hasToString(expected + "\r\n");
        assertThat(writer.length()).isEqualTo(expected.length() + 2);
        ByteBuf out = Unpooled.buffer();
        writer.copyTo(out);
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(expected + "\r\n");
    }

    @Test
    void startsOver() {
        writer.bytes(Heads.bytes("first"));
        writer.clear();
        writer.bytes(Heads.bytes("-second-"), 1, 7);

        assertThat(writer).hasToString("second");
    }
}
