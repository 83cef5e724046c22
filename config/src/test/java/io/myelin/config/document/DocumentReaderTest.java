package io.myelin.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class DocumentReaderTest {
    private final Problems problems = new Problems();
    private final DocumentReader reader = new DocumentReader(problems);

    @TempDir
    Path directory;

    @Test
    void everyNodeKnowsItsPlace() {
        Mapping document = parse("a: 1\nb:\n  - x\n  - {c: 'd'}\n");

        assertThat(value(document, "a")).isEqualTo(new Scalar(new Place("f", 1, 4), "1", false));
        Sequence list = (Sequence) value(document, "b");
        assertThat(list.items().get(0).place()).isEqualTo(new Place("f", 3, 5));
        assertThat(value((Mapping) list.items().get(1), "c")).isEqualTo(new Scalar(new Place("f", 4, 9), "d", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\n\t\"a\": \"1\",\n\t\"b\": [\"x\", \"y\",],\n}",
                "{ // comment\n a: '1', /* more */ \"b\": [\"x\", \"y\"] # end\n}",
                "{a: 1, b: [x, y]}",
                "# comment\n{\n\ta:\t1,\t# comment\n\tb: [\t'x'\t, y ],\n\t}",
                "// comment\n{\t\"a\": 1,\n\t\"b\": [\"x\", \"y\"]}",
                "\t{a: 1,\n\tb: [x,\ty]}",
                "{<%= ENV.fetch('MYELIN_TEST_KEY_THAT_IS_NOT_SET', 'a') %>: 1, b: [x, y]}",
                "\n  {a: 1, b: [x, y]}",
                "a: 1\nb: [x, y]",
                "\uFEFFa: 1\nb: [x, y]",
                "a: &one 1\nl: &l [x, y]\nb: *l",
                "base: &base {a: 2, b: [x, y]}\n<<: *base\na: 1",
                "<<: [{a: 1}, {a: 2, b: [x, y]}]"
            })
    void severalSpellingsAreOneDocument(String text) throws IOException {
        Mapping document = Objects.requireNonNull(reader.read(Files.writeString(directory.resolve("f"), text)));

        assertThat(((Scalar) value(document, "a")).text()).isEqualTo("1");
        assertThat(((Sequence) value(document, "b")).items())
                .extracting(item -> ((Scalar) item).text())
                .containsExactly("x", "y");
        assertThat(problems.inOrderOf(List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a: ,true", "a: ~,true", "a: null,true", "a: 'null',false", "a: '',false", "a: 0,false"})
    void onlyAnUnquotedNullIsAbsent(String text, boolean absent) {
        assertThat(((Scalar) value(parse(text), "a")).absent()).isEqualTo(absent);
    }

    @Test
    void theFirstOfTwoKeysCountsAndTheOtherIsKept() {
        for (String text : List.of("a: 1\na: 2", "{\"a\": 1,\n\"a\": 2}")) {
            Mapping document = parse(text);

            assertThat(((Scalar) value(document, "a")).text()).isEqualTo("1");
            assertThat(document.repeated())
                    .extracting(entry -> entry.key().place().line())
                    .containsExactly(2);
        }
    }

    @Test
    void whatCannotBeReadIsReportedWithItsPlace() {
        assertThat(complaint("a: [1, 2")).startsWith("f:1:9: not YAML: expected ',' or ']'");
        assertThat(complaint("a:\n\tb: 1")).startsWith("f:2:1: not YAML: found character '\\t(TAB)'");
        assertThat(complaint("{\n\"a\": 1\n\"b\": 2}")).startsWith("f:3:1: not JSON: Unexpected character ('\"'");
        assertThat(complaint("{\"a\": 1} x")).startsWith("f:1:10: not JSON");
        assertThat(complaint("a: &a [*a]"))
                .isEqualTo("f:1:4: an alias stands for something that holds it (expected: no cycle)");
        assertThat(complaint("a: *b")).startsWith("f:1:4: not YAML: found undefined alias b");
        assertThat(complaint("a: 1\nb: x\u0001"))
                .isEqualTo("f:2:5: character U+0001 is not allowed (expected: printable text)");
        assertThat(complaint("? [a, b]\n: 1")).isEqualTo("f:1:3: the key is a list (expected: a text)");
        assertThat(complaint("<<: 1")).isEqualTo("f:1:5: << merges a text (expected: a map or a list of maps)");
        assertThat(complaint("- a")).isEqualTo("f:1:1: the file holds a list (expected: a map with services)");
        assertThat(complaint("a: 1\n---\nb: 2")).startsWith("f:2:1: not YAML: but found another document");
        assertThat(complaint(" \n# nothing")).isEqualTo("f: warning: is empty");
    }

    @Test
    void aliasesOfAliasesAreBounded() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1) + ", ";
            text.append("a").append(i).append(": &a").append(i).append(" [");
            text.append(alias.repeat(9)).append("*a").append(i - 1).append("]\n");
        }

        assertThat(complaint(text.toString())).contains("aliases make up more than 500000 values");
    }

    @Test
    void nestingIsBounded() {
        assertThat(complaint("a: " + "[".repeat(10_000))).contains("not YAML");
        assertThat(complaint("{\"a\": " + "[".repeat(10_000))).contains("not JSON");
    }

    @Test
    void aFileThatIsNotThereIsReported() throws IOException {
        Path missing = directory.resolve("missing");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        for (Path file : List.of(missing, directory, binary)) {
            assertThat(reader.read(file)).isNull();
        }

        assertThat(problems.inOrderOf(List.of(missing.toString(), directory.toString(), binary.toString())))
                .extracting(Problem::message)
                .containsExactly("there is no such file", "is a directory", "is not text");
    }

    private Mapping parse(String text) {
        return Objects.requireNonNull(reader.parse("f", text));
    }

    private static Node value(Mapping mapping, String key) {
        return Objects.requireNonNull(mapping.entry(key)).value();
    }

    private static @Nullable String complaint(String text) {
        Problems found = new Problems();
        new DocumentReader(found).parse("f", text);
        return found.inOrderOf(List.of("f")).stream()
                .map(Problem::toString)
                .findFirst()
                .orElse(null);
    }
}
