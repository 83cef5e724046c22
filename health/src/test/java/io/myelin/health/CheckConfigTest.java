package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckConfigTest {
    @ParameterizedTest
    @CsvSource({
        "200, 200, true",
        "200, 201, false",
        "200-299, 299, true",
        "200-299, 300, false",
        "'200,204', 204, true",
        "'200,204', 202, false",
        "'200, 301-302', 302, true"
    })
    void aStatusTextIsACodeARangeOrAListOfThem(String text, int code, boolean contained) {
        assertThat(StatusRanges.parse(text).contains(code)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "2xx", "200,", "299-200", "200-", "-200"})
    void refusesAStatusTextThatIsNone(String text) {
        assertThatThrownBy(() -> new Expectation(Kind.STATUS, false, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("status: ")
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: a\r\nY: b", "X: a\nY", "no colon", ": no name"})
    void refusesAHeaderThatIsNotOneLine(String header) {
        assertThatThrownBy(() -> Checks.get(Expectation.SUCCESS, header))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: one line, Name: value)");
    }

    @Test
    void refusesARequestLineOfMoreThanThreeWords() {
        assertThatThrownBy(() -> new HttpCheck("GET", "/a b", "HTTP/1.0", List.of(), Expectation.SUCCESS))
                .hasMessage("uri: '/a b' (expected: one word)");
        assertThatThrownBy(() -> new HttpCheck("", "/", "HTTP/1.0", List.of(), Expectation.SUCCESS))
                .hasMessage("method: '' (expected: one word)");
        assertThatThrownBy(() -> new HttpCheck("GET", "/", "HTTP/2", List.of(), Expectation.SUCCESS))
                .hasMessage("version: HTTP/2 (expected: HTTP/1.0 or HTTP/1.1)");
    }
}
