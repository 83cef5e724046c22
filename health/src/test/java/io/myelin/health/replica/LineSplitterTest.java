package io.myelin.health.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter = new LineSplitter(lines::add);

    @Test
    void linesMayComeInAnyPieces() {
        feed("on");
        feed("e\r\ntwo\n\nth");
        feed("ree");
        assertThat(lines).containsExactly("one", "two", "");

        splitter.finish();
        assertThat(lines).containsExactly("one", "two", "", "three");
        splitter.finish();
        assertThat(lines).hasSize(4);
    }

    @Test
    void aLineWithoutAnEndIsCutAndTheNextOneIsWhole() {
        for (int i = 0; i < 100; i++) {
            feed("x".repeat(1_000));
        }
        assertThat(lines).isEmpty();
        feed("\nnext\n");

        assertThat(lines).containsExactly("x".repeat(LineSplitter.LONGEST_BYTES) + LineSplitter.CUT, "next");
    }

    @Test
    void bytesThatAreNoTextAreShownAsSuch() {
        splitter.feed(new byte[] {'a', (byte) 0xff, 'b', '\n', 'c'}, 4);

        assertThat(lines).containsExactly("a\ufffdb");
    }

    private void feed(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        splitter.feed(bytes, bytes.length);
    }
}
