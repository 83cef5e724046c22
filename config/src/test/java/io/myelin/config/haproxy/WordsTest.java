package io.myelin.config.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class WordsTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("  mode \t http ", List.of("mode", "http")),
                Arguments.of("retries 3 # comment", List.of("retries", "3")),
                Arguments.of("string a\\ b\\#c", List.of("string", "a b#c")),
                Arguments.of("string \"a # b\" ''", List.of("string", "a # b", "")),
                Arguments.of("a'b c'd", List.of("ab cd")),
                Arguments.of("'a\\ b' \"a\\\"b\"", List.of("a\\ b", "a\"b")),
                Arguments.of("\\q\\.\\\"\\$\\'\\1\\[", List.of("\\q\\.\"\\$'\\1\\[")),
                Arguments.of("\"\\q\\.\\\"\\$\\'\\1\\ z\"", List.of("\\q\\.\"$'\\1 z")),
                Arguments.of("HTTP/1.1\\r\\nHost:\\ www\\x2d1", List.of("HTTP/1.1\r\nHost: www-1")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineIsSplitAsHaproxySplitsIt(String line, List<String> words) throws MalformedLineException {
        assertThat(Words.of(line)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \"b", "a 'b", "a \\", "\\x1", "\\xzz"})
    void aLineThatEndsTooEarlyIsRefused(String line) {
        assertThatThrownBy(() -> Words.of(line)).isInstanceOf(MalformedLineException.class);
    }
}
