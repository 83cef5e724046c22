package io.myelin.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private final Fields fields = new Fields();

    @Test
    void copiesLinesAsTheyAre() {
        String lines = "A:b\r\nB:  \t c \t\r\nC: d: e\r\nD:\r\na: \u00e4\tx\r\n";
        parse(lines);

        assertThat(kept()).isEqualTo(lines);
    }

    @Test
    void leavesOutWhatEndsHere() {
        parse("A: 1\r\nConnection: x\r\nKeep-Alive: x\r\nB: 2\r\nTE: x\r\nTrailer: x\r\nUpgrade: x\r\n"
                + "Transfer-Encoding: x\r\nProxy-Connection: x\r\nC: 3\r\n");

        assertThat(kept()).isEqualTo("A: 1\r\nB: 2\r\nC: 3\r\n");
    }

    @Test
    void leavesOutTheFirstAndTheLast() {
        parse("TE: x\r\nA: 1\r\nTE: x\r\n");
        assertThat(kept()).isEqualTo("A: 1\r\n");

        parse("TE: x\r\n");
        assertThat(kept()).isEmpty();

        parse("");
        assertThat(kept()).isEmpty();
    }

    @Test
    void dropsAndKeepsEveryFieldOfAName() {
        parse("Upgrade: a\r\nHost: h\r\nupgrade: b\r\nX-Forwarded-For: c\r\nx-forwarded-for: d\r\n");

        fields.keep(FieldName.UPGRADE);
        fields.drop(FieldName.X_FORWARDED_FOR);
        assertThat(kept()).isEqualTo("Upgrade: a\r\nHost: h\r\nupgrade: b\r\n");

        fields.drop(FieldName.UPGRADE);
        fields.drop(1);
        assertThat(kept()).isEmpty();
        assertThat(fields.has(FieldName.HOST)).isTrue();
        assertThat(fields.has(FieldName.TE)).isFalse();
    }

    @Test
    void dropsNominatedFieldsWhateverTheirCase() {
        byte[] bytes = Heads.bytes("X-One: 1\r\nx-ONE: 2\r\nX-Ones: 3\r\nHost: h\r\nN: x-one\r\n\r\n");
        assertThat(fields.parse(bytes, 0, bytes.length, 10)).isEqualTo(bytes.length);

        fields.dropNominated(fields.valueStart(4), fields.valueEnd(4));

        assertThat(kept()).isEqualTo("X-Ones: 3\r\nHost: h\r\nN: x-one\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 129, 500})
    void holdsAnyNumberOfFields(int count) {
        StringBuilder lines = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("N").append(i).append(": v\r\n");
            others.append("N").append(i).append(": v\r\n");
            if (i % 3 == 0) {
                lines.append("te: x\r\n");
            }
        }
        parse(lines.toString());

        assertThat(kept()).isEqualTo(others.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "000, 0",
        "007, 7",
        "18446744073709551617, -1",
        "999999999999999999, 999999999999999999",
        "000000000000000001, 1",
        "0000000000000000001, -1",
        "9223372036854775807, -1",
        "'', -1",
        "-1, -1",
        "+1, -1",
        "1a, -1",
        "a1, -1",
        "1 1, -1",
        "0x1, -1",
        "1e1, -1",
        "1., -1",
        "'1,1', -1",
        "\u0661, -1",
        "\u00b9, -1"
    })
    void aNumberIsNothingButDigits(String value, long number) {
        byte[] bytes = ("N: " + value + " \r\n\r\n").getBytes(UTF_8);
        assertThat(fields.parse(bytes, 0, bytes.length, 1)).isEqualTo(bytes.length);

        assertThat(fields.number(0)).isEqualTo(number);
    }

    private void parse(String lines) {
        byte[] bytes = Heads.bytes("skipped" + lines + "\r\nbehind");
        assertThat(fields.parse(bytes, 7, bytes.length, 1_000)).isEqualTo(bytes.length - 6);
    }

    private String kept() {
        HeadWriter out = new HeadWriter();
        fields.copyKept(out);
        return out.toString();
    }
}
