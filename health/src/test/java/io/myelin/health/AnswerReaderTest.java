package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private static final Expectation NOT_OK = new Expectation(Kind.BODY_CONTAINS, true, "OK");

    @ParameterizedTest
    @CsvSource({
        "200, L7OK",
        "204, L7OK",
        "302, L7OK",
        "399, L7OK",
        "400, L7STS",
        "404, L7STS",
        "500, L7STS",
        "101, L7STS"
    })
    void successIsTwoOrThreeHundred(int code, CheckStatus status) {
        Finding finding = read(Expectation.SUCCESS, "HTTP/1.1 " + code + " Whatever\r\n");

        assertThat(finding).isEqualTo(new Finding(status, code, "http " + code));
    }

    @ParameterizedTest
    @CsvSource({"false, 204, L7OK", "false, 302, L7STS", "true, 204, L7STS", "true, 302, L7OK"})
    void aStatusRuleReplacesTheUsualOne(boolean negated, int code, CheckStatus status) {
        Finding finding = read(new Expectation(Kind.STATUS, negated, "200,204"), "HTTP/1.1 " + code + "\r\n");

        assertThat(finding).extracting(Finding::status).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/2.0 200 OK\r\n",
                "HTTP/1.1 20 OK\r\n",
                "HTTP/1.1 2000 OK\r\n",
                "HTTP/1.1  200 OK\r\n",
                "HTTP/1.1 200OK\r\n",
                "HTTP/1.1\t200 OK\r\n",
                "HTTP/1.1 099 OK\r\n",
                "HTTP/1.1 200 a\rb\r\n",
                "http/1.1 200 OK\r\n",
                "\r\nHTTP/1.1 200 OK\r\n",
                "\n"
            })
    void refusesWhatIsNoStatusLine(String answer) {
        assertThat(read(Expectation.SUCCESS, answer)).isEqualTo(Finding.of(CheckStatus.L7RSP, "malformed status line"));
    }

    @Test
    void givesUpOnWhatDoesNotSpeakHttpWithoutWaitingForALine() {
        assertThat(read(Expectation.SUCCESS, "J\0\0\0\n8.0"))
                .isEqualTo(Finding.of(CheckStatus.L7RSP, "malformed status line"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 200\r\n", "HTTP/1.1 200 \r\n", "HTTP/1.1 200 OK\n", "HTTP/1.0 200 Très bien\r\n"})
    void acceptsAnyReasonPhraseAndNone(String answer) {
        assertThat(read(Expectation.SUCCESS, answer)).isEqualTo(new Finding(CheckStatus.L7OK, 200, "http 200"));
    }

    @Test
    void skipsInterimAnswers() {
        assertThat(read(Expectation.SUCCESS, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 500 No\r\n"))
                .isEqualTo(new Finding(CheckStatus.L7STS, 500, "http 500"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nall OK",
                "HTTP/1.0 200 OK\r\n\r\nall OK",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nall O\r\n1;x=y\r\nK\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding:CHUNKED\r\n\r\n0a\nbefore OK!\n0\n\n",
                "HTTP/1.1 500 No\r\n\r\nall OK",
            })
    void findsATextInABodyHoweverFramedAndWhateverTheStatus(String answer) {
        assertThat(read(Checks.CONTAINS_OK, answer)).extracting(Finding::status).isEqualTo(CheckStatus.L7OK);
        assertThat(read(NOT_OK, answer))
                .extracting(Finding::status, Finding::text)
                .containsExactly(
                        CheckStatus.L7RSP,
                        answer.substring(9, 12).equals("500")
                                ? "http 500, body contains \"OK\""
                                : "http 200, body contains \"OK\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbadOK",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nO\r\n1\r\nO\r\n0\r\n\r\nOK",
                "HTTP/1.1 200 OK\r\nX: OK\r\nContent-Length: 1\r\n\r\nO",
            })
    void missesATextThatTheBodyLacks(String answer) {
        assertThat(read(Checks.CONTAINS_OK, answer))
                .isEqualTo(new Finding(CheckStatus.L7RSP, 200, "http 200, body lacks \"OK\""));
        assertThat(read(NOT_OK, answer)).isEqualTo(new Finding(CheckStatus.L7OK, 200, "http 200"));
    }

    @ParameterizedTest
    @CsvSource({
        "^al+ OK$, true",
        "(?i)ALL ok, true",
        "O.K, false",
        "^OK, false",
    })
    void aRegularExpressionIsLookedForInAllOfTheBody(String pattern, boolean there) {
        String head = "HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\n";
        Finding good = new Finding(CheckStatus.L7OK, 500, "http 500");
        String relation = there ? "contains" : "lacks";
        Finding bad =
                new Finding(CheckStatus.L7RSP, 500, "http 500, body " + relation + " what matches \"" + pattern + "\"");

        assertThat(read(new Expectation(Kind.BODY_MATCHES, false, pattern), head + "all OK"))
                .isEqualTo(there ? good : bad);
        assertThat(read(new Expectation(Kind.BODY_MATCHES, true, pattern), head + "all OK"))
                .isEqualTo(there ? bad : good);
        assertThat(readThenEnd(
                        new Expectation(Kind.BODY_MATCHES, false, pattern),
                        "HTTP/1.1 500 No\r\n\r\nall OK",
                        AnswerReader::closed))
                .isEqualTo(there ? good : bad);
    }

    @ParameterizedTest
    @CsvSource({"^2, 204, L7OK", "^2, 302, L7STS", "^(2|3), 302, L7OK", "02, 302, L7OK"})
    void aRegularExpressionMayStandForStatuses(String pattern, String status, CheckStatus expected) {
        assertThat(read(new Expectation(Kind.STATUS_MATCHES, false, pattern), "HTTP/1.1 " + status + " X\r\n"))
                .extracting(Finding::status)
                .isEqualTo(expected);
        assertThat(read(new Expectation(Kind.STATUS_MATCHES, true, pattern), "HTTP/1.1 " + status + " X\r\n"))
                .extracting(Finding::status)
                .isEqualTo(expected == CheckStatus.L7OK ? CheckStatus.L7STS : CheckStatus.L7OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void anAnswerWithoutBodyEndsWithItsHead(String status) {
        assertThat(read(Checks.CONTAINS_OK, "HTTP/1.1 " + status + "\r\nContent-Length: 9\r\n\r\n"))
                .extracting(Finding::status)
                .isEqualTo(CheckStatus.L7RSP);
    }

    @Test
    void anAnswerToHeadEndsWithItsHead() {
        HttpCheck check = new HttpCheck("HEAD", "/", "HTTP/1.0", List.of(), NOT_OK);
        ByteBuf answer = Unpooled.copiedBuffer("HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n", StandardCharsets.UTF_8);

        assertThat(new AnswerReader(check).read(answer))
                .extracting(Finding::status)
                .isEqualTo(CheckStatus.L7OK);
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Length: x', malformed content-length",
        "'Content-Length: -1', malformed content-length",
    })
    void refusesAnUnreadableLength(String field, String what) {
        assertThat(read(Checks.CONTAINS_OK, "HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n"))
                .isEqualTo(new Finding(CheckStatus.L7RSP, 200, "http 200, " + what));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "\r\n", "-1\r\n", "123456789\r\n", "1\r\nab\r\n"})
    void refusesUnreadableChunks(String chunks) {
        assertThat(read(Checks.CONTAINS_OK, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
                .isEqualTo(new Finding(CheckStatus.L7RSP, 200, "http 200, malformed chunk"));
    }

    @Test
    void looksAtABoundedPartOfTheBody() {
        String filler = "x".repeat(BodyReader.LIMIT - 1);

        assertThat(read(Checks.CONTAINS_OK, "HTTP/1.0 200 OK\r\n\r\n" + filler + "OK"))
                .isEqualTo(new Finding(CheckStatus.L7RSP, 200, "http 200, body lacks \"OK\""));
    }

    @Test
    void looksAtABoundedHead() {
        assertThat(read(Checks.CONTAINS_OK, "HTTP/1.0 200 OK\r\nX: " + "x".repeat(64 * 1024)))
                .isEqualTo(new Finding(CheckStatus.L7RSP, 200, "http 200, head exceeds 65536 bytes"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', closed before status line",
        "'HTTP/1.0 20', closed before status line",
        "'HTTP/1.0 200 OK|A: b|', 'http 200, closed before end of head'",
        "'HTTP/1.0 200 OK|Content-Length: 9||not yet', 'http 200, closed before end of body'",
        "'HTTP/1.0 200 OK||no length', 'http 200, body lacks \"OK\"'",
    })
    void saysHowFarAConnectionGot(String answer, String text) {
        assertThat(readThenEnd(Checks.CONTAINS_OK, answer.replace("|", "\r\n"), AnswerReader::closed))
                .extracting(Finding::status, Finding::text)
                .containsExactly(CheckStatus.L7RSP, text);
    }

    @Test
    void aResetIsNoProperEndOfABody() {
        assertThat(readThenEnd(NOT_OK, "HTTP/1.0 200 OK\r\n\r\nfine", reader -> reader.broken("reset")))
                .isEqualTo(new Finding(CheckStatus.L7RSP, 200, "http 200, reset before end of body"));
        assertThat(readThenEnd(NOT_OK, "HTTP/1.0 200 OK\r\n\r\nfine", AnswerReader::closed))
                .isEqualTo(new Finding(CheckStatus.L7OK, 200, "http 200"));
    }

    private static Finding readThenEnd(Expectation expectation, String answer, Function<AnswerReader, Finding> end) {
        AnswerReader reader = new AnswerReader(Checks.get(expectation));
        assertThat(reader.read(bytes(answer))).isNull();
        return end.apply(reader);
    }

    /** Reads {@code answer} whole, then again byte by byte: the finding is the same. */
    private static @Nullable Finding read(Expectation expectation, String answer) {
        Finding whole = new AnswerReader(Checks.get(expectation)).read(bytes(answer));
        AnswerReader reader = new AnswerReader(Checks.get(expectation));
        ByteBuf bytes = bytes(answer);
        Finding pieced = null;
        while (pieced == null && bytes.isReadable()) {
            pieced = reader.read(bytes.readSlice(1));
        }
        // What does not end by itself ends with the connection.
        if (whole == null && pieced == null) {
            AnswerReader again = new AnswerReader(Checks.get(expectation));
            again.read(bytes(answer));
            whole = again.closed();
            pieced = reader.closed();
        }
        assertThat(pieced).isEqualTo(whole);
        return whole;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
