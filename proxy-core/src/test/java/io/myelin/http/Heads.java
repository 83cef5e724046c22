package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.HeadBytes.Parser;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives texts to parsers as the bytes they stand for, whole and in pieces. */
final class Heads {
    /** What a client sends so that nothing but the part under test matters. */
    static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n";

    private static final int SURROUNDINGS = 32;

    private Heads() {}

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static int parse(Parser parser, String text) {
        byte[] bytes = bytes(text);
        return parser.parse(bytes, bytes.length);
    }

    /** Parses a head that must be accepted and returns its parser. */
    static RequestHead request(String text) {
        RequestHead head = new RequestHead();
        assertThat(parse(head, text)).as(text).isEqualTo(text.length());
        return head;
    }

    /** Parses a head that must be accepted and returns its parser. */
    static ResponseHead response(String text) {
        ResponseHead head = new ResponseHead();
        assertThat(parse(head, text)).as(text).isEqualTo(text.length());
        return head;
    }

    /**
     * Parses every beginning of {@code text}: none may be taken for complete before the head ends, none refused unless
     * the whole is, and none may depend on what lies behind it in the array.
     */
    static void assertSplitsAgree(Parser parser, Supplier<@Nullable Violation> violation, String text) {
        byte[] bytes = bytes(text);
        int whole = parser.parse(bytes, bytes.length);
        for (int length = 0; length <= bytes.length; length++) {
            assertSplitAgrees(parser, violation, bytes, length, whole);
        }
    }

    static void assertSplitAgrees(
            Parser parser, Supplier<@Nullable Violation> violation, byte[] bytes, int length, int whole) {
        int exact = parser.parse(Arrays.copyOf(bytes, length), length);
        Violation rule = exact == Fields.REJECTED ? violation.get() : null;
        for (byte filler : new byte[] {0, '\r', '\n', ':', ' ', 'a', '1'}) {
            byte[] surrounded = Arrays.copyOf(bytes, length + SURROUNDINGS);
            Arrays.fill(surrounded, length, surrounded.length, filler);
            assertThat(parser.parse(surrounded, length))
                    .as("%d bytes before %d of %s", length, filler, new String(bytes, ISO_8859_1))
                    .isEqualTo(exact);
            assertThat(exact == Fields.REJECTED ? violation.get() : null).isEqualTo(rule);
        }
        String described = length + " bytes of " + new String(bytes, ISO_8859_1);
        if (whole >= 0) {
            assertThat(exact).as(described).isEqualTo(length < whole ? Fields.INCOMPLETE : whole);
        } else if (whole == Fields.INCOMPLETE) {
            assertThat(exact).as(described).isEqualTo(Fields.INCOMPLETE);
        } else {
            assertThat(exact).as(described).isNegative();
        }
    }
}
