package io.myelin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the compiler cannot see: the presence of package documentation. */
@NullMarked
class SourceShapeTest {
    private static final List<String> MODULES =
            List.of("proxy-core", "discovery", "health", "config", "admin-api", "benchmarks");

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertThat(sources().stream().filter(file -> file.toString().contains("/src/main/")))
                .allSatisfy(file -> assertThat(file.resolveSibling("package-info.java"))
                        .content()
                        .contains("/**")
                        .contains("@NullMarked"));
    }

    private static List<Path> sources() {
        return MODULES.stream()
                .map(module -> Path.of("..", module, "src"))
                .filter(Files::isDirectory)
                .flatMap(SourceShapeTest::javaFilesUnder)
                .toList();
    }

    private static Stream<Path> javaFilesUnder(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
