package io.myelin.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.log.LogFormat.Piece;
import io.myelin.route.TlsSample;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormatTest {
    @Test
    void variablesStandAmongText() {
        assertThat(LogFormat.parse("from %ci:%cp 100%%").pieces())
                .containsExactly(
                        new Piece(null, "from ", 0, false, false),
                        new Piece(LogVariable.CLIENT_ADDRESS, "", 0, false, false),
                        new Piece(null, ":", 0, false, false),
                        new Piece(LogVariable.CLIENT_PORT, "", 0, false, false),
                        new Piece(null, " 100", 0, false, false),
                        new Piece(null, "%", 0, false, false));
    }

    @Test
    void flagsHoldForOneVariableOrForAllThatFollow() {
        assertThat(LogFormat.parse("%{+Q}r%HM%{+Q,+E}o%HU%{-Q}HV").pieces())
                .containsExactly(
                        new Piece(LogVariable.REQUEST_LINE, "", 0, true, false),
                        new Piece(LogVariable.METHOD, "", 0, false, false),
                        new Piece(LogVariable.TARGET, "", 0, true, true),
                        new Piece(LogVariable.VERSION, "", 0, false, true));
    }

    @Test
    void oneCapturedHeaderIsNamedByItsNumber() {
        assertThat(LogFormat.parse("%[capture.req.hdr(1)]%[capture.res.hdr(0)]").pieces())
                .containsExactly(
                        new Piece(LogVariable.ONE_REQUEST_HEADER, "", 1, false, false),
                        new Piece(LogVariable.ONE_RESPONSE_HEADER, "", 0, false, false));
    }

    @Test
    void aClientsTlsMayBeAskedAbout() {
        TlsSample subject = Objects.requireNonNull(TlsSample.of("ssl_c_s_dn(CN)"));
        assertThat(LogFormat.parse("%sslv%{+Q}[ssl_c_s_dn(CN)]%[ssl_fc]").pieces())
                .containsExactly(
                        new Piece(LogVariable.TLS_VERSION, "", 0, false, false),
                        new Piece(LogVariable.TLS, "", 0, true, false, subject),
                        new Piece(LogVariable.ENCRYPTED, "", 0, false, false));
    }

    @ParameterizedTest
    @CsvSource({
        "%xyz, %xyz is not known",
        "%sslx, %sslx is not known",
        "%[ssl_c_sha1], %[ssl_c_sha1] is not known",
        "'%[src,lower]', '%[src,lower] is not known'",
        "%{+X}pid, the flag +X is not known",
        "100%, a lone percent sign (expected: two for one that is shown)"
    })
    void whatCannotBeShownIsNamed(String text, String message) {
        assertThatThrownBy(() -> LogFormat.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
