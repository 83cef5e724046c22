package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionOptionsTest {
    private final ConnectionOptions options = new ConnectionOptions();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "close|true|false|false",
                "CLOSE|true|false|false",
                "keep-alive|false|true|false",
                "Keep-Alive, Upgrade|false|true|true",
                "close,keep-alive,upgrade|true|true|true",
                "\" , ,\tclose\t, \"|true|false|false",
                "closed|false|false|false",
                "clos e|false|false|false",
                "close;q=1|false|false|false",
                "\"\"|false|false|false",
                ",,,|false|false|false"
            })
    void readsAList(String list, boolean close, boolean keepAlive, boolean upgrade) {
        add(list);

        assertThat(options.close()).isEqualTo(close);
        assertThat(options.keepAlive()).isEqualTo(keepAlive);
        assertThat(options.upgrade()).isEqualTo(upgrade);
    }

    @Test
    void severalListsAreOne() {
        add("close");
        add("upgrade");
        assertThat(options.close()).isTrue();
        assertThat(options.upgrade()).isTrue();

        options.clear();
        assertThat(options.close()).isFalse();
        assertThat(options.upgrade()).isFalse();
    }

    @Test
    void saysWhenItCannotHoldThemAll() {
        assertThat(add("a,".repeat(64))).isTrue();
        assertThat(add("close, , keep-alive")).isTrue();
        assertThat(add("b, close")).isFalse();

        options.clear();
        assertThat(add("b")).isTrue();
    }

    @Test
    void dropsEveryFieldItNames() {
        String list =
                String.join(" ,", IntStream.range(0, 64).mapToObj(i -> "x-" + i).toList());
        StringBuilder head = new StringBuilder("Connection: ").append(list).append("\r\nKept: 1\r\n");
        IntStream.range(0, 64).forEach(i -> head.append("X-").append(i).append(": secret\r\n"));
        byte[] bytes = Heads.bytes(head + "Host: web\r\n\r\n");
        Fields fields = new Fields();
        assertThat(fields.parse(bytes, 0, bytes.length, 100)).isEqualTo(bytes.length);

        assertThat(options.add(bytes, fields.valueStart(0), fields.valueEnd(0))).isTrue();
        options.dropNominated(fields);

        HeadWriter out = new HeadWriter();
        fields.copyKept(out);
        assertThat(out).hasToString("Kept: 1\r\nHost: web\r\n");
    }

    private boolean add(String list) {
        byte[] bytes = Heads.bytes(list);
        return options.add(bytes, 0, bytes.length);
    }
}
