package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.MyelinProcess;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as its users start it: {@code bin/myelin} and the packaged jar, installed in a directory of their own.
 */
@Timeout(150)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherIT {
    private static final Path BUILT = Path.of("target", "myelin.jar");
    private static final Path SCRIPT = Path.of("..", "bin", "myelin");

    /** Classes then come from the jar alone. */
    private static final String WITHOUT_ARCHIVE = "-Xshare:auto";

    private Path root = Path.of("");

    /** Two processes make the archive of classes at the same time. */
    @BeforeAll
    void install(@TempDir Path directory) throws IOException, InterruptedException {
        root = directory;
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(jar().getParent());
        Files.copy(SCRIPT, script());
        Files.copy(BUILT, jar());
        assertThat(script().toFile().setExecutable(true)).isTrue();
        try (MyelinProcess first = MyelinProcess.startBy(script(), "", "archive");
                MyelinProcess second = MyelinProcess.startBy(script(), "", "archive")) {
            assertThat(first.exitCode()).isZero();
            assertThat(second.exitCode()).isZero();
        }
    }

    @Test
    void leavesNothingBesideTheJarAndOneArchive() throws IOException {
        assertThat(names()).hasSize(2).anyMatch("myelin.jar"::equals).anyMatch(LauncherIT::isArchive);
    }

    @Test
    void endsInPeaceAfterItsJarWasWrittenOver() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("hello");
                MyelinProcess process =
                        MyelinProcess.startBy(script(), WITHOUT_ARCHIVE, "run", "-c", file(backend.port()))) {
            assertThat(process.awaitLine(line -> true)).startsWith("admin http://127.0.0.1:");
            try (RawClient kept = RawClient.to(portIn(process.awaitLine(line -> line.startsWith("listening web"))))) {
                assertThat(kept.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                overwrite(jar());
                process.signal("TERM");

                assertThat(process.exitCode()).isZero();
                assertThat(process.errors()).contains("Stopped").doesNotContain("NoClassDefFound", "ZipException");
            } finally {
                Files.copy(BUILT, jar(), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void startsWithoutAWordWhenTheArchiveIsBroken() throws IOException, InterruptedException {
        Path archive = archive();
        Path aside = root.resolve("aside");
        Files.move(archive, aside);
        Files.writeString(archive, "not an archive");
        try (MyelinProcess process = MyelinProcess.startBy(script(), "", "version")) {
            assertThat(process.awaitLine(line -> true)).startsWith("myelin ");
            assertThat(process.exitCode()).isZero();
            assertThat(process.errors()).isEmpty();
        } finally {
            Files.delete(archive);
            Files.move(aside, archive);
        }
    }

    private Path script() {
        return root.resolve("bin").resolve("myelin");
    }

    private Path jar() {
        return root.resolve("admin-api").resolve("target").resolve("myelin.jar");
    }

    private Path place() {
        return jar().resolveSibling("run");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(place())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path archive() throws IOException {
        return place().resolve(names().stream()
                .filter(LauncherIT::isArchive)
                .findFirst()
                .orElseThrow());
    }

    private static boolean isArchive(String name) {
        return name.matches("classes-\\d+\\.jsa");
    }

    private String file(int memberPort) throws IOException {
        return Files.writeString(root.resolve("myelin.yaml"), """
                        services:
                          web: {port: "127.0.0.1:0", check: /, servers: ["127.0.0.1:%d"]}
                          registered:
                            discovery: {method: zookeeper, hosts: ["127.0.0.1:1"], path: /services/web}
                            port: "127.0.0.1:0"
                        """.formatted(memberPort))
                .toString();
    }

    private static int portIn(String line) {
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** Writes into the file that is there, as a build may, instead of putting another one in its place. */
    private static void overwrite(Path file) throws IOException {
        byte[] zeros = new byte[(int) Files.size(file)];
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
            out.write(zeros);
        }
    }
}
