package io.myelin.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSampleTest {
    /** What there is to say is the question, in letters of both kinds. */
    private static final TlsView ECHO = (fact, attribute) -> "Ab\u00c3" + fact + attribute;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl_fc_sni           | Ab\u00c3SERVER_NAME",
                "ssl_c_s_dn           | Ab\u00c3CLIENT_SUBJECT",
                "ssl_c_s_dn( o )      | Ab\u00c3CLIENT_SUBJECTo",
                "ssl_c_s_dn(o),upper  | AB\u00c3CLIENT_SUBJECTO",
                "ssl_c_sha1,hex       | Ab\u00c3CLIENT_SHA1",
                "ssl_c_sha1,hex,lower | ab\u00c3client_sha1",
            })
    void aQuestionIsAnswered(String expression, String answer) {
        assertThat(Objects.requireNonNull(TlsSample.of(expression)).answer(ECHO))
                .isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src",
                "ssl_fc",
                "ssl_fc_sni(x)",
                "ssl_fc_sni,hex",
                "ssl_fc_sni,lower,upper",
                "ssl_c_s_dn(CN,1)",
                "ssl_c_sha1",
                "ssl_c_sha1,hexa",
                "ssl_c_sha1,lower",
                ""
            })
    void whatIsNotUnderstoodIsNoQuestion(String expression) {
        assertThat(TlsSample.of(expression)).isNull();
    }

    @Test
    void plainTextHasAnAnswerToOneQuestionOnly() {
        assertThat(ofPlainText("ssl_fc_is_resumed")).isEqualTo("0");
        assertThat(ofPlainText("ssl_c_used")).isNull();
    }

    private static @Nullable String ofPlainText(String expression) {
        return Objects.requireNonNull(TlsSample.of(expression)).answer(null);
    }
}
