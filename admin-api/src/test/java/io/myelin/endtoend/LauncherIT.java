package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.MyelinProcess;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private Installation shared = new Installation(Path.of(""));

    /**
     * The script and the jar, where a user has put them.
     *
     * @param root the directory that holds both, as the source tree does
     */
    private record Installation(Path root) {
        /** Installs into an empty directory. */
        static Installation in(Path root) throws IOException {
            Installation made = new Installation(root);
            Files.createDirectories(root.resolve("bin"));
            Files.createDirectories(made.jar().getParent());
            Files.copy(SCRIPT, made.script());
            Files.copy(BUILT, made.jar());
            assertThat(made.script().toFile().setExecutable(true)).isTrue();
            return made;
        }

        Path script() {
            return root.resolve("bin").resolve("myelin");
        }

        Path jar() {
            return root.resolve("admin-api").resolve("target").resolve("myelin.jar");
        }

        /** Where the script keeps what it runs. */
        Path place() {
            return jar().resolveSibling("run");
        }

        List<String> names() throws IOException {
            try (Stream<Path> files = Files.list(place())) {
                return files.map(file -> file.getFileName().toString()).toList();
            }
        }

        Path archive() throws IOException {
            return place().resolve(names().stream()
                    .filter(LauncherIT::isArchive)
                    .findFirst()
                    .orElseThrow());
        }

        String file(int memberPort) throws IOException {
            return Files.writeString(root.resolve("myelin.yaml"), """
                            services:
                              web: {port: "127.0.0.1:0", check: /, servers: ["127.0.0.1:%d"]}
                              registered:
                                discovery: {method: zookeeper, hosts: ["127.0.0.1:1"], path: /services/web}
                                port: "127.0.0.1:0"
                            """.formatted(memberPort))
                    .toString();
        }
    }

    /** Two processes make the archive of classes at the same time. */
    @BeforeAll
    void install(@TempDir Path directory) throws IOException, InterruptedException {
        shared = Installation.in(directory);
        try (MyelinProcess first = MyelinProcess.startBy(shared.script(), "", "archive");
                MyelinProcess second = MyelinProcess.startBy(shared.script(), "", "archive")) {
            assertThat(first.exitCode()).isZero();
            assertThat(second.exitCode()).isZero();
        }
    }

    @Test
    void leavesNothingBesideTheJarAndOneArchive() throws IOException {
        assertThat(shared.names()).hasSize(2).anyMatch("myelin.jar"::equals).anyMatch(LauncherIT::isArchive);
    }

    /** In an installation of its own, because its jar does not survive this. */
    @Test
    void endsInPeaceAfterItsJarWasWrittenOver(@TempDir Path directory) throws IOException, InterruptedException {
        Installation own = Installation.in(directory);
        try (LoopbackBackend backend = LoopbackBackend.answering("hello");
                MyelinProcess process =
                        MyelinProcess.startBy(own.script(), WITHOUT_ARCHIVE, "run", "-c", own.file(backend.port()))) {
            assertThat(process.awaitLine(line -> true)).startsWith("admin http://127.0.0.1:");
            try (RawClient kept = RawClient.to(portIn(process.awaitLine(line -> line.startsWith("listening web"))))) {
                assertThat(kept.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                overwrite(own.jar());
                process.signal("TERM");

                assertThat(process.exitCode()).isZero();
                assertThat(process.errors()).contains("Stopped").doesNotContain("NoClassDefFound", "ZipException");
            }
        }
    }

    @Test
    void startsWithoutAWordWhenTheArchiveIsBroken() throws IOException, InterruptedException {
        Path archive = shared.archive();
        Path aside = shared.root().resolve("aside");
        Files.move(archive, aside);
        Files.writeString(archive, "not an archive");
        try (MyelinProcess process = MyelinProcess.startBy(shared.script(), "", "version")) {
            assertThat(process.awaitLine(line -> true)).startsWith("myelin ");
            assertThat(process.exitCode()).isZero();
            assertThat(process.errors()).isEmpty();
        } finally {
            Files.delete(archive);
            Files.move(aside, archive);
        }
    }

    private static boolean isArchive(String name) {
        return name.matches("classes-\\d+\\.jsa");
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
