package io.myelin.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MyelinCommandTest {
    @TempDir
    Path directory;

    @Test
    void nothingTypedIsMisuse() {
        Typed typed = Typed.of();

        assertThat(typed.exitCode()).isEqualTo(64);
        assertThat(typed.err())
                .contains("no command (expected: run, check, demo")
                .contains("Try 'myelin --help'.");
    }

    @Test
    void anUnknownCommandIsMisuse() {
        Typed typed = Typed.of("frob");

        assertThat(typed.exitCode()).isEqualTo(64);
        assertThat(typed.err()).contains("frob: unknown command (expected: run, check, demo");
    }

    @Test
    void anUnknownFlagIsMisuse() {
        Typed typed = Typed.of("check", "-c", "x", "--frob");

        assertThat(typed.exitCode()).isEqualTo(64);
        assertThat(typed.err()).contains("--frob").contains("Try 'myelin check --help'.");
    }

    @Test
    void runAsksForAFile() {
        Typed typed = Typed.of("run");

        assertThat(typed.exitCode()).isEqualTo(64);
        assertThat(typed.err()).contains("--config");
    }

    @Test
    void aFlagOutOfRangeIsMisuse() {
        assertThat(Typed.of("run", "-c", "x", "--loops", "0").exitCode()).isEqualTo(64);
        assertThat(Typed.of("run", "-c", "x", "--drain-timeout", "3 parsecs").exitCode())
                .isEqualTo(64);
        assertThat(Typed.of("run", "-c", "x", "--transport", "pigeon").exitCode())
                .isEqualTo(64);
        assertThat(Typed.of("run", "-c", "x", "--admin", "9901").exitCode()).isEqualTo(64);
        assertThat(Typed.of("demo", "--pace", "0s").exitCode()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "demo", "version"})
    void everyCommandExplainsItself(String command) {
        Typed typed = Typed.of(command, "--help");

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out()).startsWith("Usage: myelin " + command);
    }

    @Test
    void versionNamesTheProgramAndWhatRunsIt() {
        Typed typed = Typed.of("version");

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out()).startsWith("myelin ").contains("java " + Runtime.version());
    }

    @Test
    void aFileWithoutErrorsPassesTheCheck() throws IOException {
        Path file = write("""
                services:
                  web:
                    discovery: {method: base}
                    default_servers: [{name: a, host: 127.0.0.1, port: 8001}]
                    haproxy: {port: 3213}
                """);

        Typed typed = Typed.of("check", "-c", file.toString());

        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out()).contains("ok: services=1");
    }

    @Test
    void everyErrorIsPrintedWithItsFile() throws IOException {
        Path file = write("services: {web: {}, api: {}}");

        Typed typed = Typed.of("check", "-c", file.toString());

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.out().lines().filter(line -> line.startsWith(file + ":")))
                .anyMatch(line -> line.contains("services.web"))
                .anyMatch(line -> line.contains("services.api"));
    }

    @Test
    void aMissingFileFailsTheCheck() {
        Typed typed = Typed.of("check", "-c", directory.resolve("nowhere.yaml").toString());

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.out()).contains("nowhere.yaml");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("synapse.yaml"), text);
    }
}
