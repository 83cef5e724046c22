package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OctetsTest {
    private static final String ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Test
    void everyByteHasItsClasses() {
        for (int value = 0; value < 256; value++) {
            byte b = (byte) value;
            boolean alphanumeric = ALPHANUMERIC.indexOf(value) >= 0;

            assertThat(Octets.isToken(b))
                    .as("%d", value)
                    .isEqualTo(alphanumeric || "!#$%&'*+-.^_`|~".indexOf(value) >= 0);
            assertThat(Octets.isTarget(b)).as("%d", value).isEqualTo(value > 0x20 && value < 0x7f && value != '#');
            assertThat(Octets.isDigit(b)).as("%d", value).isEqualTo(value >= '0' && value <= '9');
            assertThat(Octets.isFieldValue(b))
                    .as("%d", value)
                    .isEqualTo(value == '\t' || (value >= 0x20 && value != 0x7f));
            assertThat(Octets.hex(b)).as("%d", value).isEqualTo("0123456789abcdef".indexOf(Character.toLowerCase((char)
                            value)));
            assertThat(Octets.lower(b)).as("%d", value).isEqualTo((byte)
                    (value >= 'A' && value <= 'Z' ? value + 32 : value));
        }
    }

    @Test
    void aValueEndsAtTheFirstByteThatIsNone() {
        for (int value = 0; value < 256; value++) {
            for (byte around : new byte[] {'a', ' ', '\t', 0x7e, (byte) 0x80, (byte) 0xff}) {
                for (int at = 0; at < 24; at++) {
                    byte[] bytes = new byte[40];
                    Arrays.fill(bytes, around);
                    bytes[at] = (byte) value;
                    bytes[30] = 0;
                    int end = Octets.isFieldValue((byte) value) ? 30 : at;

                    assertThat(Octets.endOfFieldValue(bytes, 0, 40)).isEqualTo(end);
                    assertThat(Octets.endOfFieldValue(bytes, at, 40)).isEqualTo(end);
                    assertThat(Octets.endOfFieldValue(bytes, 0, at)).isEqualTo(at);
                }
            }
        }
    }

    @Test
    void neighbouringControlsDoNotHideEachOther() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                byte[] bytes = Heads.bytes("abc" + (char) first + (char) second + "defghijk");
                int expected = 0;
                while (expected < bytes.length && Octets.isFieldValue(bytes[expected])) {
                    expected++;
                }

                assertThat(Octets.endOfFieldValue(bytes, 0, bytes.length)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aTargetEndsAtTheFirstByteThatIsNone() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                for (int at = 0; at < 9; at++) {
                    byte[] bytes = Heads.bytes("/".repeat(at) + (char) first + (char) second + "!~abcdefghi jklm");
                    int expected = 0;
                    while (expected < bytes.length && Octets.isTarget(bytes[expected])) {
                        expected++;
                    }

                    assertThat(Octets.endOfTarget(bytes, 0, bytes.length)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void comparesWithoutRegardToCase() {
        byte[] bytes = Heads.bytes("xCoNnx");

        assertThat(Octets.equalsIgnoreCase(bytes, 1, 5, Heads.bytes("conn"))).isTrue();
        assertThat(Octets.equalsIgnoreCase(bytes, 1, 4, Heads.bytes("conn"))).isFalse();
        assertThat(Octets.equalsIgnoreCase(bytes, 1, 5, Heads.bytes("cond"))).isFalse();
        assertThat(Octets.equalsIgnoreCase(Heads.bytes("k@[`"), 0, 4, Heads.bytes("k`{@")))
                .isFalse();
        assertThat(Octets.equalsIgnoreCase(bytes, 2, 2, new byte[0])).isTrue();
    }
}
