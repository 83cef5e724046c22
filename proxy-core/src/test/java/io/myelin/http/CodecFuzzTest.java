package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/**
 * What Jazzer searches: bytes that the parsers read otherwise than the slow references do, or otherwise in pieces than
 * at once. Without {@code JAZZER_FUZZ} each target gets the inputs beside this class in the resources, and no others.
 *
 * <p>A target for another parser is one more method here and a directory of that name among the inputs.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class CodecFuzzTest {
    /** Longer inputs find nothing that shorter ones do not, and the references are slow. */
    private static final int MOST_BYTES = 2_048;

    private static final ClientConfig CONFIG =
            ClientConfig.DEFAULT.with().forwardedFor(ForwardedFor.OFF).build();
    private static final byte[] GET = Heads.bytes(Heads.GET + "\r\n");

    private final HeadRewrite rewrite =
            new HeadRewrite(CONFIG, "10.1.2.3", new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));

    @FuzzTest(maxDuration = "2m")
    void requestHead(byte[] data) {
        if (data.length > MOST_BYTES) {
            return;
        }
        String text = new String(data, ISO_8859_1);
        ReferenceHead expected = ReferenceHead.request(text);
        int length = rewrite.request(data, data.length);

        assertThat(length >= 0).as(text).isEqualTo(expected != null);
        if (expected != null) {
            assertThat(length).isEqualTo(expected.length());
            assertThat(rewrite.request().chunked()).isEqualTo(expected.chunked());
            assertThat(rewrite.request().contentLength()).isEqualTo(expected.contentLength());
            String written = written();
            assertThat(written).isEqualTo(expected.forwardedRequest("127.0.0.1:8080"));
            assertThat(rewrite.request(Heads.bytes(written), written.length()))
                    .as(written)
                    .isEqualTo(written.length());
            assertThat(written()).as("what is written stays as it is").isEqualTo(written);
        }
        RequestHead head = new RequestHead().within(CONFIG);
        assertSplitsAgree(head, head::violation, data, length);
    }

    @FuzzTest(maxDuration = "2m")
    void responseHead(byte[] data) {
        if (data.length > MOST_BYTES) {
            return;
        }
        String text = new String(data, ISO_8859_1);
        ReferenceHead expected = ReferenceHead.response(text);
        assertThat(rewrite.request(GET, GET.length)).isEqualTo(GET.length);
        int length = rewrite.response(data, data.length);

        assertThat(length >= 0).as(text).isEqualTo(expected != null);
        if (expected != null) {
            assertThat(length).isEqualTo(expected.length());
            String written = written();
            assertThat(written).isEqualTo(expected.forwardedResponse());
            ReferenceHead understood = ReferenceHead.response(written);
            assertThat(understood).as(written).isNotNull();
            assertThat(understood.length()).isEqualTo(written.length());
        }
        ResponseHead head = new ResponseHead();
        assertSplitsAgree(head, head::violation, data, length);
    }

    /** Every beginning of a short input; of a long one, beginnings of every eighth length. */
    private static void assertSplitsAgree(
            HeadBytes.Parser parser, Supplier<@Nullable Violation> violation, byte[] data, int whole) {
        int step = data.length <= 64 ? 1 : 1 + data.length / 8;
        for (int length = 0; length <= data.length; length += step) {
            Heads.assertSplitAgrees(parser, violation, data, length, whole);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void chunks(byte[] data) {
        if (data.length > MOST_BYTES) {
            return;
        }
        String text = new String(data, ISO_8859_1);
        ReferenceChunks expected = ReferenceChunks.read(text);
        Reading framed = Reading.of(data, data.length, true);
        Reading plain = Reading.of(data, data.length, false);

        assertThat(framed.done).as(text).isEqualTo(expected != null);
        assertThat(plain.end()).isEqualTo(framed.end());
        if (expected != null) {
            assertThat(framed.consumed).isEqualTo(expected.length());
            assertThat(framed.broken).isNull();
            assertThat(framed.out).isEqualTo(expected.coding());
            assertThat(plain.out).isEqualTo(expected.payload());
        } else {
            assertThat(framed.broken != null || framed.consumed == data.length)
                    .as("progress")
                    .isTrue();
        }
        for (int split = 0; split <= data.length; split++) {
            Reading pieces = Reading.of(data, split, true);
            assertThat(pieces.end()).isEqualTo(framed.end());
            // What came before a broken rule may have been put out in an earlier piece.
            assertThat(pieces.out).startsWith(framed.out);
            assertThat(framed.broken != null || pieces.out.equals(framed.out)).isTrue();
            assertThat(Reading.of(data, split, false)).isEqualTo(plain);
        }
    }

    /**
     * What became of a body.
     *
     * @param consumed how many bytes were read
     */
    private record Reading(
            String out,
            int consumed,
            boolean done,
            @Nullable Violation broken) {
        /** Reads {@code data} in two pieces. */
        static Reading of(byte[] data, int split, boolean framed) {
            StringBuilder out = new StringBuilder();
            BodySink sink = (bytes, index, length) -> out.append(bytes.toString(index, length, ISO_8859_1));
            ChunkReader reader = new ChunkReader();
            reader.reset();
            ByteBuf first = Unpooled.wrappedBuffer(data, 0, split);
            ByteBuf all = Unpooled.wrappedBuffer(data);
            Violation broken = reader.read(first, framed, sink);
            all.readerIndex(first.readerIndex());
            if (broken == null && !reader.done()) {
                broken = reader.read(all, framed, sink);
            }
            return new Reading(out.toString(), all.readerIndex(), reader.done(), broken);
        }

        /** Returns everything but what was put out. */
        Reading end() {
            return new Reading("", consumed, done, broken);
        }
    }

    private String written() {
        ByteBuf out = Unpooled.buffer();
        rewrite.copyTo(out);
        return out.toString(ISO_8859_1);
    }
}
