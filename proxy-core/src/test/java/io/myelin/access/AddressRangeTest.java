package io.myelin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.0/255.0.0.0, 10.9.9.9, true",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 10.0.0.1, true",
        "::ffff:0:0/96, 10.0.0.1, true",
        "::/96, 10.0.0.1, false",
        "2001:db8:0:0:8000::/65, 2001:db8:0:0:7fff::, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "fe80::1, fe80::1, true",
        "::ffff:10.0.0.1, 10.0.0.1, true"
    })
    void anAddressIsInsideIfItBeginsWithTheSameBits(String range, String address, boolean inside)
            throws UnknownHostException {
        assertThat(parse(range).contains(InetAddress.getByName(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0/8",
                "10.0.0.256",
                "010.0.0.0000",
                "10.0.0.0/255.0.255.0",
                "10.0.0.0/-1",
                "::1/129",
                "::g",
                ".:1",
                "1:2",
                "fe80::1%eth0",
                "[::1]",
                "localhost",
                "a.example.com"
            })
    void whatIsNoRangeIsNone(String text) {
        assertThat(AddressRange.parse(text)).isNull();
    }

    @Test
    void rangesAreEqualByWhatTheyHold() {
        assertThat(parse("10.9.9.9/8")).isEqualTo(parse("10.0.0.0/8")).hasSameHashCodeAs(parse("10.0.0.0/8"));
        assertThat(parse("10.0.0.0/8")).isNotEqualTo(parse("10.0.0.0/9"));
        assertThat(parse("10.9.9.9/8")).hasToString("10.0.0.0/8");
        assertThat(parse("127.0.0.1")).hasToString("127.0.0.1");
    }

    private static AddressRange parse(String text) {
        return Objects.requireNonNull(AddressRange.parse(text), text);
    }
}
