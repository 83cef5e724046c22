package io.myelin.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.myelin.net.ProxyHeader.State;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * What Jazzer searches: bytes whose reading as a PROXY header depends on how many more follow, or reaches beyond them.
 * Without {@code JAZZER_FUZZ} the target gets the inputs beside this class in the resources, and no others.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ProxyHeaderFuzzTest {
    /** Every beginning of an input is read; longer ones find nothing that shorter ones do not. */
    private static final int MOST_BYTES = 2_048;

    @FuzzTest(maxDuration = "2m")
    void header(byte[] data) {
        if (data.length > MOST_BYTES) {
            return;
        }
        ProxyHeader whole = ProxyHeaderParser.parse(data, data.length);

        assertThat(whole.length()).isBetween(0, data.length);
        assertThat(whole.length() > 0).isEqualTo(whole.state() == State.COMPLETE);
        assertThat(whole.reason().isEmpty()).isEqualTo(whole.state() != State.MALFORMED);
        assertThat(whole.state() == State.INCOMPLETE)
                .as("%s is %s", new String(data, ISO_8859_1), whole)
                .isEqualTo(mayGoOn(data));
        for (int length = 0; length < data.length; length++) {
            ProxyHeader part = ProxyHeaderParser.parse(data, length);
            if (part.state() != State.INCOMPLETE) {
                assertThat(part).as("%d bytes", length).isEqualTo(whole);
            }
            if (length < whole.length()) {
                assertThat(part.state()).as("%d bytes", length).isEqualTo(State.INCOMPLETE);
            }
            assertThat(ProxyHeaderParser.parse(Arrays.copyOf(data, length), length))
                    .as("bytes beyond the length do not count")
                    .isEqualTo(part);
        }
    }

    /** Returns whether {@code data}, by its outermost framing, is the proper beginning of a header. */
    private static boolean mayGoOn(byte[] data) {
        String text = new String(data, ISO_8859_1);
        String signature = new String(ProxyHeaderParser.SIGNATURE, ISO_8859_1);
        if ("PROXY ".startsWith(text) || signature.startsWith(text)) {
            return true;
        }
        if (text.startsWith("PROXY ")) {
            return text.length() < 107 && text.matches("[^\\r\\n]*\\r?");
        }
        if (!text.startsWith(signature)) {
            return false;
        }
        if (!text.substring(12).matches("(?s)(|[ !](|[\\x00\\x11\\x12!\"12].*))")) {
            return false;
        }
        if (data.length < 16) {
            return true;
        }
        int following = (data[14] & 0xff) << 8 | (data[15] & 0xff);
        int addresses = data[12] == ' ' ? 0 : new int[] {0, 12, 36, 216}[data[13] >> 4];
        return following >= addresses && 16 + following <= ProxyHeaderParser.MAX_BYTES && data.length < 16 + following;
    }
}
