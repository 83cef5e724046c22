package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem.Severity;
import io.myelin.config.ServiceConfig;
import io.myelin.server.ListenerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files never make the reader fail, and what it returns always fits together. */
@NullMarked
class MutationTest {
    private static final int ROUNDS = 500;
    private static final byte[] INTERESTING = "{}[]:,-&*!|>'\"#%@`\t\n \\0~<=?".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> WORDS = List.of(
            "null", "-1", "99999999999999999999", "true", "[]", "{}", "\"\"", "*registry", "<<", "%{port}", "!", "0");

    @TempDir
    Path directory;

    static List<Path> examples() throws IOException {
        return ExamplesTest.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    @Timeout(60)
    void aDamagedFileIsReadOrReported(Path example) throws IOException {
        byte[] original = Files.readAllBytes(example);
        Random random = new Random(example.getFileName().toString().hashCode());
        Path file = directory.resolve("mutated.yaml");
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, damaged(original, random));
            LoadedConfig loaded = new ConfigReader().read(List.of(file));
            assertConsistent(loaded);
        }
    }

    private static void assertConsistent(LoadedConfig loaded) {
        Set<String> names = new HashSet<>();
        loaded.config().services().forEach(service -> names.add(service.name()));

        assertThat(names).hasSameSizeAs(loaded.config().services());
        assertThat(names).noneMatch(loaded.brokenServices()::contains);
        assertThat(loaded.brokenServices())
                .allSatisfy(service -> assertThat(loaded.problems())
                        .anyMatch(problem -> problem.severity() == Severity.ERROR
                                && problem.service().equals(service)));
        names.addAll(loaded.brokenServices());
        loaded.config().frontends().forEach(listener -> assertRoutedTo(names, listener));
        for (ServiceConfig service : loaded.config().services()) {
            ListenerConfig listener = service.listener();
            if (listener != null) {
                assertRoutedTo(names, listener);
            }
        }
    }

    private static void assertRoutedTo(Set<String> names, ListenerConfig listener) {
        assertThat(listener.routes().routes())
                .allSatisfy(route -> assertThat(names).contains(route.pool()));
        if (listener.routes().defaultPool() != null) {
            assertThat(names).contains(listener.routes().defaultPool());
        }
    }

    private static byte[] damaged(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            bytes = damagedOnce(bytes, random);
        }
        return bytes;
    }

    private static byte[] damagedOnce(byte[] bytes, Random random) {
        int at = random.nextInt(Math.max(1, bytes.length));
        int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
        return switch (random.nextInt(5)) {
            case 0 -> replaced(bytes, at, 1, new byte[] {INTERESTING[random.nextInt(INTERESTING.length)]});
            case 1 -> replaced(bytes, at, length, new byte[0]);
            case 2 -> replaced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 3 -> replaced(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
            default ->
                replaced(
                        bytes,
                        at,
                        length,
                        WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
        int end = Math.min(bytes.length, at + length);
        byte[] result = new byte[at + by.length + bytes.length - end];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, end, result, at + by.length, bytes.length - end);
        return result;
    }
}
