package io.myelin.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.net.ProxyHeader.State;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {
    private static final byte[] IPV4 = {10, 0, 0, 1, 10, 0, 0, 2, 0x12, 0x34, 0, 80};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PROXY TCP4 10.0.0.1 10.0.0.2 4660 80                       | 10.0.0.1    | 4660  | 10.0.0.2    | 80",
                "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0                 | 255.255.255.255 | 65535 | 0.0.0.0 | 0",
                "PROXY TCP6 2001:db8::1 ::1 1 2                             | 2001:db8::1 | 1     | ::1         | 2",
                "PROXY TCP6 ::ffff:10.0.0.1 ::1 1 2                         | 10.0.0.1    | 1     | ::1         | 2",
                "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"
                        + " | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | 65535 | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                        + " | 65535"
            })
    void aLineNamesBothEnds(String line, String peer, int peerPort, String local, int localPort) {
        ConnectionEnds ends = complete(ascii(line + "\r\n"), line.length() + 2);

        assertThat(ends)
                .isEqualTo(new ConnectionEnds(
                        new InetSocketAddress(peer, peerPort), new InetSocketAddress(local, localPort)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN ffff::1 whatever 65535\r\n",
                "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535"
                        + " 65535\r\n"
            })
    void anUnknownClientIsNamedByNobody(String line) {
        ProxyHeader header = parse(ascii(line + "GET"));

        assertThat(header).isEqualTo(new ProxyHeader(State.COMPLETE, line.length(), null, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "G",
                "proxy TCP4 10.0.0.1 10.0.0.2 1 2\r\n",
                "PROXY  TCP4 10.0.0.1 10.0.0.2 1 2\r\n",
                "PROXY TCP4  10.0.0.1 10.0.0.2 1 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 1 2 \r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 1\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 1 2 3\r\n",
                "PROXY TCP4\t10.0.0.1 10.0.0.2 1 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\rX",
                "PROXY TCP4 10.0.0.256 10.0.0.2 1 2\r\n",
                "PROXY TCP4 10.0.0.01 10.0.0.2 1 2\r\n",
                "PROXY TCP4 10.0.1 10.0.0.2 1 2\r\n",
                "PROXY TCP4 10.0.0.1. 10.0.0.2 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 10.0.0.1 10.0.0.2 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
                "PROXY TCP6 [::1] ::1 1 2\r\n",
                "PROXY TCP6 1::2::3 ::1 1 2\r\n",
                "PROXY TCP6 ::12345 ::1 1 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 65536 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 01 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 -1 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 +1 2\r\n",
                "PROXY TCP4 10.0.0.1 10.0.0.2 1 \r\n",
                "PROXY TCP4 www.example.com 10.0.0.2 1 2\r\n",
                "PROXY UDP4 10.0.0.1 10.0.0.2 1 2\r\n",
                "PROXY UNKNOWN2\r\n",
                "PROXY \r\n"
            })
    void aLineThatIsNotExactlyOneIsRefused(String line) {
        ProxyHeader header = parse(ascii(line));

        assertThat(header.state()).isEqualTo(State.MALFORMED);
        assertThat(header.reason()).isNotEmpty();
    }

    @Test
    void aLineEndsWithin107Bytes() {
        String start = "PROXY UNKNOWN ";
        String longest = start + "x".repeat(105 - start.length()) + "\r\n";
        String tooLong = start + "x".repeat(106 - start.length()) + "\r\n";

        assertThat(parse(ascii(longest)).length()).isEqualTo(107);
        assertThat(parse(ascii(tooLong)).state()).isEqualTo(State.MALFORMED);
        assertThat(parse(ascii(tooLong.substring(0, 106))).state()).isEqualTo(State.INCOMPLETE);
        assertThat(parse(ascii(tooLong.substring(0, 107))).state()).isEqualTo(State.MALFORMED);
    }

    @Test
    void everyBeginningOfAHeaderIsIncomplete() {
        byte[][] headers = {
            ascii("PROXY TCP4 10.0.0.1 10.0.0.2 4660 80\r\n"),
            binary(0x21, 0x11, IPV4),
            binary(0x21, 0x31, new byte[216]),
            binary(0x20, 0x00, new byte[0]),
            withChecksum(0x11, IPV4)
        };
        for (byte[] header : headers) {
            for (int length = 0; length < header.length; length++) {
                assertThat(ProxyHeaderParser.parse(header, length).state())
                        .as("%s bytes of %s", length, Arrays.toString(header))
                        .isEqualTo(State.INCOMPLETE);
            }
            assertThat(parse(header).length()).isEqualTo(header.length);
        }
    }

    @Test
    void aBinaryHeaderNamesBothEnds() {
        byte[] ipv6 = new byte[36];
        ipv6[15] = 5;
        ipv6[31] = 6;
        ipv6[33] = 7;
        ipv6[35] = 8;
        byte[] unix = new byte[216];
        System.arraycopy(ascii("/run/peer"), 0, unix, 0, 9);
        Arrays.fill(unix, 108, 216, (byte) 'x');

        assertThat(complete(binary(0x21, 0x11, IPV4), 28))
                .isEqualTo(new ConnectionEnds(
                        new InetSocketAddress("10.0.0.1", 0x1234), new InetSocketAddress("10.0.0.2", 80)));
        assertThat(complete(binary(0x21, 0x12, IPV4), 28)).isEqualTo(complete(binary(0x21, 0x11, IPV4), 28));
        assertThat(complete(binary(0x21, 0x21, ipv6), 52))
                .isEqualTo(new ConnectionEnds(new InetSocketAddress("::5", 7), new InetSocketAddress("::6", 8)));
        assertThat(complete(binary(0x21, 0x31, unix), 232))
                .isEqualTo(new ConnectionEnds(
                        new DomainSocketAddress("/run/peer"), new DomainSocketAddress("x".repeat(108))));
    }

    @ParameterizedTest
    @CsvSource({"0x20,0x11", "0x20,0x00", "0x21,0x00", "0x20,0x31"})
    void aSenderThatSpeaksForItselfNamesNobody(int command, int family) {
        assertThat(parse(binary(command, family, new byte[] {1, 2, 3})))
                .isEqualTo(new ProxyHeader(State.COMPLETE, 19, null, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "0x11,0x11",
        "0x31,0x11",
        "0x22,0x11",
        "0x2f,0x11",
        "0x21,0x01",
        "0x21,0x10",
        "0x21,0x13",
        "0x21,0x41",
        "0x21,0xff"
    })
    void whatVersionTwoDoesNotAssignIsRefused(int command, int family) {
        assertThat(parse(binary(command, family, IPV4)).state()).isEqualTo(State.MALFORMED);
    }

    @Test
    void addressesThatAreCutShortAreRefused() {
        assertThat(parse(binary(0x21, 0x11, new byte[11])).state()).isEqualTo(State.MALFORMED);
        assertThat(parse(binary(0x21, 0x21, new byte[35])).state()).isEqualTo(State.MALFORMED);
        assertThat(parse(binary(0x21, 0x31, new byte[215])).state()).isEqualTo(State.MALFORMED);
    }

    @Test
    void aHeaderBeyondTheLimitIsRefusedBeforeItArrives() {
        byte[] start = Arrays.copyOf(binary(0x20, 0x00, new byte[0]), 16);
        start[14] = 0x3f;
        start[15] = (byte) 0xf0;
        assertThat(parse(start).state()).isEqualTo(State.INCOMPLETE);
        start[15] = (byte) 0xf1;
        assertThat(parse(start).state()).isEqualTo(State.MALFORMED);
    }

    @Test
    void furtherFieldsAreSkipped() {
        byte[] fields = concat(IPV4, new byte[] {4, 0, 2, 9, 9, (byte) 0xea, 0, 0});

        assertThat(complete(binary(0x21, 0x11, fields), 36)).isEqualTo(complete(binary(0x21, 0x11, IPV4), 28));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "0400", "040001", "04000309", "0400010404"})
    void aFurtherFieldThatIsLongerThanTheHeaderIsRefused(String field) {
        byte[] bytes = new byte[field.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(field.substring(2 * i, 2 * i + 2), 16);
        }

        assertThat(parse(binary(0x21, 0x11, concat(IPV4, bytes))).state()).isEqualTo(State.MALFORMED);
    }

    @Test
    void aChecksumIsVerified() {
        byte[] header = withChecksum(0x11, IPV4);
        assertThat(parse(header).state()).isEqualTo(State.COMPLETE);

        for (int at = 16; at < header.length; at++) {
            if (at < 28 || at > 30) {
                byte[] changed = header.clone();
                changed[at] ^= 0x40;
                assertThat(parse(changed).state()).as("changed byte %s", at).isEqualTo(State.MALFORMED);
            }
        }
    }

    @Test
    void aChecksumThatIsNotOneOfFourBytesIsRefused() {
        byte[] three = concat(IPV4, new byte[] {3, 0, 3, 0, 0, 0});
        byte[] twice = concat(IPV4, new byte[] {3, 0, 4, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0});

        assertThat(parse(binary(0x21, 0x11, three)).state()).isEqualTo(State.MALFORMED);
        assertThat(parse(binary(0x21, 0x11, twice)).state()).isEqualTo(State.MALFORMED);
    }

    private static ConnectionEnds complete(byte[] bytes, int length) {
        ProxyHeader header = parse(concat(bytes, ascii("what follows")));
        assertThat(header.state()).as(header.reason()).isEqualTo(State.COMPLETE);
        assertThat(header.length()).isEqualTo(length);
        return Objects.requireNonNull(header.ends());
    }

    private static ProxyHeader parse(byte[] bytes) {
        return ProxyHeaderParser.parse(bytes, bytes.length);
    }

    static byte[] binary(int command, int family, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ProxyHeaderParser.SIGNATURE);
        out.write(command);
        out.write(family);
        out.write(rest.length >> 8);
        out.write(rest.length);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    private static byte[] withChecksum(int family, byte[] addresses) {
        byte[] header = binary(0x21, family, concat(addresses, new byte[] {3, 0, 4, 0, 0, 0, 0}));
        CRC32C crc = new CRC32C();
        crc.update(header);
        for (int i = 0; i < 4; i++) {
            header[header.length - 4 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
        }
        return header;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
