package io.myelin.benchmarks.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PanelTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: web\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: web\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEAD + "Content-Length: 5\r\n\r\nhello" + SMUGGLED,
                HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 37\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 100\r\n\r\n" + SMUGGLED,
                HEAD + "X: Transfer-Encoding: chunked\r\n\r\n" + SMUGGLED,
                "GET / HTTP/1.1\r\nHos"
            })
    void agreesAboutWhatIsWellFormed(String stream) {
        assertThat(Panel.agrees(stream)).as("%s", Panel.readings(stream)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEAD + "Content-Length: 42\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 42\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 42\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 42\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 42\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 42\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 0\r\nContent-Length: 37\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: +37\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 37a\r\n\r\n" + SMUGGLED,
                HEAD + "Content-Length: 42\0\r\nTransfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n" + SMUGGLED
            })
    void disagreesAboutWhatCanBeReadInTwoWays(String stream) {
        assertThat(Panel.agrees(stream)).as("%s", Panel.readings(stream)).isFalse();
    }

    @Test
    void findsARequestThatAnyServerSees() {
        String stream = HEAD + "Content-Length: 37\r\nContent-Length: 0\r\n\r\n" + SMUGGLED;

        assertThat(Panel.anyFinds(stream, "/smuggled")).isTrue();
        assertThat(Panel.anyFinds(stream, "/other")).isFalse();
    }
}
