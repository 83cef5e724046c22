package io.myelin.http;

import static io.myelin.http.Heads.assertSplitsAgree;
import static io.myelin.http.Heads.parse;
import static io.myelin.http.Heads.response;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseHeadTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final ResponseHead head = new ResponseHead();

    static List<String> accepted() {
        return List.of(
                OK + "\r\n",
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 200 \r\n\r\n",
                "HTTP/1.1 200  two  spaces \r\n\r\n",
                "HTTP/1.1 200 a\ttab\r\n\r\n",
                "HTTP/1.1 404 Nicht gef\u00fcnden\r\n\r\n",
                "HTTP/1.1 200 " + "long ".repeat(1_000) + "\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 199 \r\n\r\n",
                "HTTP/1.1 599 \r\n\r\n",
                OK + "Content-Length: 5\r\n\r\n",
                OK + "Transfer-Encoding: Chunked\r\n\r\n",
                OK + "A:\r\nB: \u00ff\r\n\r\n",
                OK + "Connection: " + "a,".repeat(64) + "\r\n\r\n",
                OK + "A: b\r\n".repeat(256) + "\r\n",
                OK + "A: " + "b".repeat(60_000) + "\r\n\r\n");
    }

    static Stream<Arguments> rejected() {
        return Stream.of(
                        rejections(
                                Violation.STATUS_LINE,
                                "garbage\r\n\r\n",
                                "\r\n" + OK + "\r\n",
                                " HTTP/1.1 200 OK\r\n\r\n",
                                "http/1.1 200 OK\r\n\r\n",
                                "HTTP/2.0 200 OK\r\n\r\n",
                                "HTTP/0.9 200 OK\r\n\r\n",
                                "HTTP/1.2 200 OK\r\n\r\n",
                                "HTTP/1.11 200 OK\r\n\r\n",
                                "HTTP/1.1  200 OK\r\n\r\n",
                                "HTTP/1.1\t200 OK\r\n\r\n",
                                "HTTP/1.1 20 OK\r\n\r\n",
                                "HTTP/1.1 2000 OK\r\n\r\n",
                                "HTTP/1.1 +20 OK\r\n\r\n",
                                "HTTP/1.1 2x0 OK\r\n\r\n",
                                "HTTP/1.1 200OK\r\n\r\n",
                                "HTTP/1.1 200\tOK\r\n\r\n",
                                "HTTP/1.1 200-OK\r\n\r\n",
                                "HTTP/1.1 000 OK\r\n\r\n",
                                "HTTP/1.1 099 OK\r\n\r\n",
                                "HTTP/1.1 600 OK\r\n\r\n",
                                "HTTP/1.1 999 OK\r\n\r\n",
                                "HTTP/1.1 200\n\r\n",
                                "HTTP/1.1 200\r\r\n\r\n",
                                "HTTP/1.1 200 OK\n\r\n",
                                "HTTP/1.1 200 O\0K\r\n\r\n",
                                "HTTP/1.1 200 OK\rA: b\r\n\r\n",
                                "HTTP/1.1 200 OK\u007f\r\n\r\n"),
                        rejections(
                                Violation.LINE_END,
                                OK + "A: b\n\r\n",
                                OK + "\r\r\n",
                                OK + "\n",
                                OK + "A: b\rc\r\n\r\n"),
                        rejections(Violation.FIELD_NAME, OK + "A : b\r\n\r\n", OK + "A\r\n\r\n", OK + ":\r\n\r\n"),
                        rejections(Violation.LINE_FOLDING, OK + " A: b\r\n\r\n", OK + "A: b\r\n\tc\r\n\r\n"),
                        rejections(Violation.FIELD_VALUE, OK + "A: \0\r\n\r\n", OK + "A: b\u001bc\r\n\r\n"),
                        rejections(Violation.FIELD_COUNT, OK + "A: b\r\n".repeat(257) + "\r\n"),
                        rejections(
                                Violation.CONTENT_LENGTH,
                                OK + "Content-Length:\r\n\r\n",
                                OK + "Content-Length: -1\r\n\r\n",
                                OK + "Content-Length: 5, 5\r\n\r\n",
                                OK + "Content-Length: 1000000000000000000\r\n\r\n",
                                OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
                                "HTTP/1.1 204 \r\nContent-Length: x\r\n\r\n"),
                        rejections(
                                Violation.TRANSFER_ENCODING,
                                OK + "Transfer-Encoding: gzip, chunked\r\n\r\n",
                                OK + "Transfer-Encoding: identity\r\n\r\n",
                                OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                        rejections(
                                Violation.LENGTH_AND_ENCODING,
                                OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
                        rejections(Violation.CONNECTION_OPTIONS, OK + "Connection: " + "a,".repeat(65) + "\r\n\r\n"))
                .flatMap(rejections -> rejections);
    }

    private static Stream<Arguments> rejections(Violation rule, String... heads) {
        return Stream.of(heads).map(text -> Arguments.of(rule, text));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void accepts(String text) {
        assertThat(parse(head, text)).isEqualTo(text.length());
        assertThat(parse(head, text + "HTTP")).isEqualTo(text.length());
        if (text.length() < 2_000) {
            assertSplitsAgree(head, head::violation, text + "body");
        }
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void refuses(Violation rule, String text) {
        assertThat(parse(head, text)).isEqualTo(Fields.REJECTED);
        assertThat(head.violation()).isEqualTo(rule);
        if (text.length() < 2_000) {
            assertSplitsAgree(head, head::violation, text);
        }
    }

    @Test
    void everyByteOfAReasonIsJudged() {
        for (char c = 0; c < 256; c++) {
            String text = "HTTP/1.1 200 rea" + c + "son with some words\r\n\r\n";
            boolean allowed = c == '\t' || (c >= ' ' && c != 0x7f);

            assertThat(parse(head, text) == text.length())
                    .as("byte %d", (int) c)
                    .isEqualTo(allowed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "100, true, true",
        "101, true, true",
        "103, true, true",
        "200, false, false",
        "204, false, true",
        "205, false, false",
        "304, false, true",
        "404, false, false",
        "599, false, false"
    })
    void knowsWhichStatusesEndWithTheHead(int status, boolean interim, boolean bodiless) {
        ResponseHead parsed = response("HTTP/1.1 " + status + " x\r\n\r\n");

        assertThat(parsed.status()).isEqualTo(status);
        assertThat(parsed.interim()).isEqualTo(interim);
        assertThat(parsed.bodiless()).isEqualTo(bodiless);
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, A: b, true", "1.1, Connection: close, false", "1.1, 'Connection: x, Close', false",
        "1.1, 'Connection: keep-alive, close', false", "1.0, A: b, false", "1.0, Connection: keep-alive, true",
        "1.0, 'Connection: close, keep-alive', false"
    })
    void knowsWhetherTheConnectionStays(String version, String field, boolean stays) {
        assertThat(response("HTTP/" + version + " 200 OK\r\n" + field + "\r\n\r\n")
                        .keepAlive())
                .isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.0 200 OK, HTTP/1.1 200 OK",
        "HTTP/1.1 200, 'HTTP/1.1 200 '",
        "'HTTP/1.1 200 ', 'HTTP/1.1 200 '",
        "HTTP/1.1 404 Not  Found, HTTP/1.1 404 Not  Found",
        "'HTTP/1.1 200  x ', 'HTTP/1.1 200  x '"
    })
    void theStatusLineIsOursAndTheReasonTheirs(String received, String sent) {
        HeadWriter out = new HeadWriter();
        response(received + "\r\n\r\n").writeStatusLine(out);

        assertThat(out).hasToString(sent + "\r\n");
    }

    @Test
    void nothingOfAResponseIsLeftInTheNext() {
        assertThat(parse(head, OK + "Content-Length: 5\r\nConnection: close, X\r\nX: y\r\n\r\n"))
                .isPositive();
        assertThat(parse(head, OK + "X: z\r\n\r\n")).isPositive();

        head.dropContentLength();
        HeadWriter out = new HeadWriter();
        head.fields().copyKept(out);
        assertThat(out).hasToString("X: z\r\n");
        assertThat(head.contentLength()).isEqualTo(-1);
        assertThat(head.keepAlive()).isTrue();
    }
}
