package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSearchTest {
    @ParameterizedTest
    @CsvSource({
        "OK, is OK now, true",
        "OK, O K, false",
        "aab, aaab, true",
        "abab, abaabab, true",
        "ü, für, true",
        "'', x, true"
    })
    void findsATextWhereverItBegins(String text, String bytes, boolean found) {
        assertThat(search(text, bytes)).isEqualTo(found);
    }

    @Test
    void agreesWithContainsOnRandomTexts() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            String text = randomText(random, 1 + random.nextInt(6));
            String bytes = randomText(random, random.nextInt(20));

            assertThat(search(text, bytes)).as("%s in %s", text, bytes).isEqualTo(bytes.contains(text));
        }
    }

    private static boolean search(String text, String bytes) {
        TextSearch search = new TextSearch(text);
        for (byte value : bytes.getBytes(StandardCharsets.UTF_8)) {
            search.accept(value);
        }
        return search.found();
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
