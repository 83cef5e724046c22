package io.myelin.discovery.multi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    @Test
    void everyNameIsDrawnAsOftenAsItsWeightSays() throws MalformedWeightsException {
        Weights weights = parse("a: 2\nnever: 0\nb: 3\n");
        Map<String, Integer> drawn = new HashMap<>();
        IntStream.range(0, 5).forEach(ticket -> drawn.merge(weights.draw(bound -> ticket), 1, Integer::sum));

        assertThat(drawn).containsOnly(Map.entry("a", 2), Map.entry("b", 3));
    }

    @Test
    void theOrderIsNoChange() throws MalformedWeightsException {
        assertThat(parse("a: 1\nb: 2")).isEqualTo(parse("{\"b\": 2, \"a\": 1}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: -1               | a: -1 (expected",
                "a: x                | a: x (expected",
                "a: 1.5              | a: 1.5 (expected",
                "3: 1                | 3: 1 (expected",
                "[a, b]              | the object is not a map (expected",
                "'a: [1'             | the object is not YAML (expected",
                "'!!javax.script.ScriptEngineManager []' | the object is not YAML (expected",
                "a: 0                | weights: 0 in all (expected",
                "'{a: 2147483647, b: 1}' | weights: 2147483648 in all (expected"
            })
    void refusesWhatHoldsNoWeights(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MalformedWeightsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aBillionAliasesAreRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }

        assertThatThrownBy(() -> parse(laughs.toString())).isInstanceOf(MalformedWeightsException.class);
    }

    private static Weights parse(String text) throws MalformedWeightsException {
        return Weights.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
