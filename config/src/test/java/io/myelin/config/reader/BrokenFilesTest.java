package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each broken file has its messages in a file of the same name beside it. */
@NullMarked
class BrokenFilesTest {
    private static final Path BROKEN = Path.of("src/test/resources/broken");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(BROKEN)) {
            return files.filter(file -> !file.toString().endsWith(".messages"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everythingWrongIsSaidAtOnce(Path file) throws IOException {
        List<String> messages = new ConfigReader()
                .read(List.of(file)).problems().stream()
                        .map(Problem::toString)
                        .map(message -> message.replace(BROKEN + "/", ""))
                        .toList();

        assertThat(messages).isEqualTo(Files.readAllLines(Path.of(file + ".messages")));
    }
}
