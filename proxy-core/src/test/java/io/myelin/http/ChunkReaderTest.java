package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
    private static final int MUTATIONS = 20_000;
    private static final String LONGEST_EXTENSION = "e".repeat(4_096);

    private final ChunkReader reader = new ChunkReader();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "000\r\n\r\n",
                "1\r\na\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n06\r\n world\r\n000\r\n\r\n",
                "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
                "000000000000001\r\na\r\n000000000000000\r\n\r\n",
                "4\r\n\r\n\r\n\r\n0\r\n\r\n",
                "7\r\n0\r\n\r\n\u0000\u00ff\r\n0\r\n\r\n",
                "5;\r\nhello\r\n0;\r\n\r\n",
                "5;ext=1\r\nhello\r\n0;last\r\n\r\n",
                "5;a=\"b;c\";d\te \u00fc\r\nhello\r\n0\r\n\r\n",
                "0\r\nA: b\r\n\r\n",
                "0\r\nA:\r\nB:c: d\t\u00e4\r\n\r\n",
                "1;x\r\na\r\n1;y\r\nb\r\n0;z\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
            })
    void readsInAnyPieces(String text) {
        ReferenceChunks expected = ReferenceChunks.read(text);
        assertThat(expected).isNotNull();
        assertThat(expected.length()).isEqualTo(text.length());

        for (int first = 0; first <= text.length(); first++) {
            for (int second = first; second <= text.length(); second++) {
                assertReads(text, expected, first, second);
            }
        }
        int[] everywhere = new int[text.length()];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i;
        }
        assertReads(text, expected, everywhere);
    }

    private void assertReads(String text, ReferenceChunks expected, int... cuts) {
        Reading framed = read(text + "GET /next", true, cuts);
        assertThat(framed.violation()).isNull();
        assertThat(framed.done()).isEqualTo(true);
        assertThat(framed.output()).isEqualTo(expected.coding());
        assertThat(framed.consumed()).isEqualTo(expected.length());

        Reading plain = read(text + "GET /next", false, cuts);
        assertThat(plain.violation()).isNull();
        assertThat(plain.done()).isEqualTo(true);
        assertThat(plain.output()).isEqualTo(expected.payload());
        assertThat(plain.consumed()).isEqualTo(expected.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "\n",
                " 5\r\nhello\r\n",
                "5 \r\nhello\r\n",
                "5\t\r\nhello\r\n",
                "5 ;a\r\nhello\r\n",
                "+5\r\nhello\r\n",
                "-5\r\nhello\r\n",
                "0x5\r\nhello\r\n",
                "5h\r\nhello\r\n",
                "5,\r\nhello\r\n",
                "g\r\n",
                ";a\r\n",
                "\u00b5\r\n",
                "\u0000\r\n",
                "5\nhello\r\n",
                "5\rhello\r\n",
                "5\r\r\nhello\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello\r0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello!\r\n0\r\n\r\n",
                "5\r\nhello\r\n\r\n",
                "5\r\nhello\r\n\n",
                "5;a\nhello\r\n",
                "5;a\rb\r\nhello\r\n",
                "5;\u0000\r\nhello\r\n",
                "5;\u007f\r\nhello\r\n",
                "0000000000000001\r\na\r\n",
                "fffffffffffffffff\r\n",
                "8000000000000000\r\n",
                "0000000000000000\r\n\r\n",
                "0\r\n\n",
                "0\r\n\rx",
                "0\n\r\n",
                "0\r\n A: b\r\n\r\n",
                "0\r\n: b\r\n\r\n",
                "0\r\nA\r\n\r\n",
                "0\r\nA : b\r\n\r\n",
                "0\r\nA: b\n\r\n",
                "0\r\nA: b\r\r\n\r\n",
                "0\r\nA: b\r\n c\r\n\r\n",
                "0\r\nA: \u0000\r\n\r\n",
                "0\r\n\u00e4: b\r\n\r\n"
            })
    void refusesInAnyPieces(String text) {
        assertThat(ReferenceChunks.read(text)).isNull();

        for (int cut = 0; cut <= text.length(); cut++) {
            for (boolean framed : new boolean[] {true, false}) {
                Reading reading = read(text, framed, cut);
                assertThat(reading.violation()).as("%s cut at %d", text, cut).isEqualTo(Violation.CHUNK);
                assertThat(reading.done()).isEqualTo(false);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fffffffffffffff", "7fffffff", "80000000", "100000000"})
    void sizesBeyondAnyBufferAreReadOn(String size) {
        reader.reset();
        ByteBuf in = Unpooled.copiedBuffer(size + "\r\nabc", ISO_8859_1);
        StringBuilder out = new StringBuilder();

        assertThat(reader.read(in, false, (source, index, length) -> append(out, source, index, length)))
                .isNull();
        assertThat(out).hasToString("abc");
        assertThat(reader.done()).isFalse();
    }

    @Test
    void anExtensionHasALimitOfItsOwn() {
        assertReads("0;" + LONGEST_EXTENSION + "\r\n\r\n", 5);
        assertReads("1;" + LONGEST_EXTENSION + "\r\na\r\n0;" + LONGEST_EXTENSION + "\r\n\r\n", 5);
        assertThat(read("0;" + LONGEST_EXTENSION + "e\r\n\r\n", true, 5).violation())
                .isEqualTo(Violation.CHUNK);
    }

    @Test
    void theTrailerHasALimitOfItsOwn() {
        String line = "A:" + "b".repeat(4_092) + "\r\n";
        String longest = line.repeat(3) + "A:" + "b".repeat(4_090) + "\r\n";
        assertThat(longest).hasSize(16_382);

        assertReads("0\r\n" + longest + "\r\n", 5);
        assertReads("0;" + LONGEST_EXTENSION + "\r\n" + longest + "\r\n", 5);
        assertThat(read("0\r\nA" + longest + "\r\n", true, 5).violation()).isEqualTo(Violation.TRAILER_LENGTH);
    }

    private void assertReads(String text, int cut) {
        ReferenceChunks expected = ReferenceChunks.read(text);
        assertThat(expected).isNotNull();
        assertReads(text, expected, cut);
    }

    @Test
    void staysBrokenOnceBroken() {
        reader.reset();
        ByteBuf in = Unpooled.copiedBuffer("5\r\nhello!!5\r\nhello\r\n0\r\n\r\n", ISO_8859_1);

        assertThat(reader.read(in, true, (source, index, length) -> {})).isEqualTo(Violation.CHUNK);
        assertThat(in.readerIndex()).isEqualTo(8);
        for (int i = 0; i < 5; i++) {
            in.skipBytes(1);
            assertThat(reader.read(in, true, (source, index, length) -> {})).isEqualTo(Violation.CHUNK);
        }

        reader.reset();
        assertThat(reader.read(Unpooled.copiedBuffer("0\r\n\r\n", ISO_8859_1), true, (source, index, length) -> {}))
                .isNull();
        assertThat(reader.done()).isTrue();
    }

    @Test
    void trailerFieldsTravelAsTheirRulesSayInAnyPieces() {
        String body = "5\r\nhello\r\n0;x\r\n";
        String text = body + "Grpc-Status: 0\r\nHost: evil\r\nX-Hop: 1\r\nDigest:  a \r\n\r\n";
        TrailerRules rules = new TrailerRules(null, Set.of("x-hop"));
        for (int first = 0; first <= text.length(); first++) {
            for (int second = first; second <= text.length(); second++) {
                reader.reset(1_024, 4, rules);
                StringBuilder out = new StringBuilder();
                int from = 0;
                for (int to : new int[] {first, second, text.length()}) {
                    ByteBuf in = Unpooled.copiedBuffer(text.substring(from, to), ISO_8859_1);
                    assertThat(reader.read(in, true, (source, index, length) -> append(out, source, index, length)))
                            .isNull();
                    from = to;
                }
                assertThat(out).hasToString("5\r\nhello\r\n0\r\nGrpc-Status: 0\r\nDigest:  a \r\n\r\n");
                assertThat(reader.done()).isEqualTo(true);
                assertThat(reader.droppedFields()).isEqualTo(2);
            }
        }
    }

    @Test
    void trailerFieldsEndWhereTheCodingDoes() {
        reader.reset(1_024, 4, new TrailerRules(null, Set.of()));
        StringBuilder out = new StringBuilder();
        ByteBuf in = Unpooled.copiedBuffer("1\r\na\r\n0\r\nX: 1\r\n\r\n", ISO_8859_1);

        assertThat(reader.read(in, false, (source, index, length) -> append(out, source, index, length)))
                .isNull();
        assertThat(out).hasToString("a");
        assertThat(reader.droppedFields()).isEqualTo(1);
        reader.reset();
        assertThat(reader.droppedFields()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trailerFieldsHaveTheLimitsOfHeads(boolean forwarded) {
        TrailerRules rules = forwarded ? new TrailerRules(null, Set.of()) : null;
        reader.reset(1_024, 2, rules);
        assertThat(violationOf("0\r\nA: 1\r\nB: 2\r\n\r\n")).isNull();
        reader.reset(1_024, 2, rules);
        assertThat(violationOf("0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n")).isEqualTo(Violation.TRAILER_LENGTH);
        assertThat(violationOf("")).isEqualTo(Violation.TRAILER_LENGTH);
        reader.reset(8, 2, rules);
        assertThat(violationOf("0\r\nA: 1\r\n\r\n")).isNull();
        reader.reset(7, 2, rules);
        assertThat(violationOf("0\r\nA: 1\r\n\r\n")).isEqualTo(Violation.TRAILER_LENGTH);
    }

    private @Nullable Violation violationOf(String text) {
        return reader.read(Unpooled.copiedBuffer(text, ISO_8859_1), true, (source, index, length) -> {});
    }

    @Test
    void readsMutatedBodiesAsTheReferenceDoes() {
        Random random = new Random(20_260_101);
        String[] seeds = {
            "5\r\nhello\r\n06\r\n world\r\n000\r\n\r\n",
            "5;ext=1\r\nhello\r\n0;last\r\nA: b\r\n\r\n",
            "1a;q\r\nabcdefghijklmnopqrstuvwxyz\r\n2\r\n\r\n\r\n0\r\nX:\r\nY: z\r\n\r\n"
        };
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            String text = Mutation.of(seeds[random.nextInt(seeds.length)], random);
            ReferenceChunks expected = ReferenceChunks.read(text);
            int[] cuts = random.ints(4, 0, text.length() + 1).sorted().toArray();
            for (boolean framed : new boolean[] {true, false}) {
                Reading reading = read(text, framed, cuts);
                assertThat(reading.done()).as(text).isEqualTo(expected != null);
                if (expected != null) {
                    accepted++;
                    assertThat(reading.violation()).isNull();
                    assertThat(reading.output()).isEqualTo(framed ? expected.coding() : expected.payload());
                    assertThat(reading.consumed()).isEqualTo(expected.length());
                } else {
                    assertThat(read(text, framed).violation()).as(text).isEqualTo(reading.violation());
                }
            }
        }
        assertThat(accepted).isBetween(MUTATIONS / 20, MUTATIONS);
    }

    /** Reads {@code text} in the pieces between the cuts, until it ends or breaks. */
    private Reading read(String text, boolean framed, int... cuts) {
        reader.reset();
        StringBuilder out = new StringBuilder();
        int from = 0;
        int consumed = 0;
        Violation broken = null;
        for (int i = 0; i <= cuts.length && broken == null && !reader.done(); i++) {
            int to = i < cuts.length ? cuts[i] : text.length();
            ByteBuf in = Unpooled.copiedBuffer("??" + text.substring(from, to), ISO_8859_1);
            in.readerIndex(2);
            broken = reader.read(in, framed, (source, index, length) -> append(out, source, index, length));
            consumed = from + in.readerIndex() - 2;
            from = to;
        }
        return new Reading(out.toString(), consumed, reader.done(), broken);
    }

    private static void append(StringBuilder out, ByteBuf source, int index, int length) {
        assertThat(length).isNotNegative();
        assertThat(index).isGreaterThanOrEqualTo(0);
        out.append(source.toString(index, length, ISO_8859_1));
    }

    /** What became of a body. */
    private record Reading(
            String output,
            int consumed,
            boolean done,
            @Nullable Violation violation) {}
}
