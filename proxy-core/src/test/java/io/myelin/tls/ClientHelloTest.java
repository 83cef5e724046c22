package io.myelin.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientHelloTest {
    private static final String BEGINNING = "0303" + "00".repeat(32) + "00";
    private static final String NAME = "0000000f000d00000a5765622e546573742e2e";

    @ParameterizedTest
    @CsvSource({
        "c02b, 0403, true",
        "c02f, 0403, false",
        "1301, 0804, false",
        "1301, 0503, true",
        "1301, 0203, true",
        "1301, 0703, false"
    })
    void itIsKnownWhichKeysAClientCanUse(String suite, String algorithm, boolean ellipticCurves) {
        String signatures = "000d00040002" + algorithm;
        assertThat(hello("0002" + suite, signatures)).isEqualTo(new ClientHello(null, ellipticCurves));
        assertThat(hello("0004" + "0035" + suite, NAME + signatures))
                .isEqualTo(new ClientHello("web.test.", ellipticCurves));
    }

    @Test
    void whatIsCutShortOrNonsenseIsNotUnderstood() {
        byte[] whole = HexFormat.of().parseHex(BEGINNING + "0002c02b" + "0100" + "0013" + NAME);
        for (int length = 0; length < whole.length; length++) {
            assertThat(ClientHello.parse(Unpooled.wrappedBuffer(whole, 0, length)))
                    .isEqualTo(ClientHello.UNREADABLE);
        }
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] other = whole.clone();
            other[random.nextInt(other.length)] = (byte) random.nextInt();
            assertThat(ClientHello.parse(Unpooled.wrappedBuffer(other))).isNotNull();
        }
    }

    private static ClientHello hello(String suites, String extensions) {
        byte[] bytes = HexFormat.of().parseHex(extensions);
        ByteBuf hello = Unpooled.wrappedBuffer(HexFormat.of()
                .parseHex(BEGINNING + suites + "0100" + String.format("%04x", bytes.length) + extensions));
        return ClientHello.parse(hello);
    }
}
