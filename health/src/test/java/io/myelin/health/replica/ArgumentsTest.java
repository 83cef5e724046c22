package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void wordsAreCutAsTyeCutsThem() {
        assertThat(words("  -a  b\tc ")).containsExactly("-a", "b", "c");
        assertThat(words("--name \"a b\" x\"y z\"w \"\"")).containsExactly("--name", "a b", "xy zw", "");
        assertThat(words("it\\'s \\\"quoted\\\" a\\b")).containsExactly("it\\'s", "\"quoted\"", "a\\b");
        assertThat(words("")).isEmpty();
    }

    @Test
    void variablesStayInTheWordTheyAreIn() {
        assertThat(words("--port=%PORT% %TEXT% %NONE% 100%"))
                .containsExactly("--port=8080", "a $1 b", "%NONE%", "100%");
    }

    private static List<String> words(String line) {
        return Arguments.of(line, Map.of("PORT", "8080", "TEXT", "a $1 b"));
    }
}
