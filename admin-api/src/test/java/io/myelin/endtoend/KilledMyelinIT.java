package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole Myelin that is killed at random moments while it writes its state file as fast as it can: each time the file
 * is complete, and the next start serves what it says while its registry is gone.
 *
 * <p>{@code -Dmyelin.test.kills=50} kills more often than the suite has time for.
 */
@Timeout(300)
@NullMarked
class KilledMyelinIT {
    private static final int KILLS = Integer.getInteger("myelin.test.kills", 10);
    private static final int ENDPOINTS = 300;

    @TempDir
    Path directory;

    private final Random moments = new Random(7);

    @Test
    void everyStartServesWhatTheOneThatWasKilledLeftBehind() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.answering("served")) {
            register(backend, 0);
            try (Child first = Child.from(directory, yaml())) {
                kill(first);
            }
            for (int generation = 1; generation <= KILLS; generation++) {
                assertComplete(generation - 1);
                Files.delete(registry());
                try (Child child = Child.from(directory, yaml());
                        RawClient client = RawClient.to(child.port("web"))) {
                    assertThat(client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                                    .readResponse()
                                    .body())
                            .isEqualTo("served");
                    JsonNode web = child.admin().service("web");
                    assertThat(web.path("source").path("state").asText()).isEqualTo("stale");
                    assertThat(web.path("members")).hasSize(ENDPOINTS);

                    register(backend, generation);
                    kill(child);
                }
            }
            assertComplete(KILLS);
        }
    }

    /** Kills the process at some moment after it wrote what the registry says now. */
    private void kill(Child child) throws IOException, InterruptedException {
        int generation = generations(registry()).iterator().next();
        Await.until("the state file has what is new", () -> generations(state()).contains(generation));
        @Nullable Object written = inode();
        Await.until("it goes on to write", () -> !Objects.equals(inode(), written));
        LockSupport.parkNanos(moments.nextInt(50_000_000));
        child.signal("KILL");
        assertThat(child.process().exitCode()).isEqualTo(128 + 9);
    }

    private void assertComplete(int generation) throws IOException {
        JsonNode web = new ObjectMapper().readTree(state().toFile()).path("web");
        assertThat(web).as("after kill %d", generation).hasSize(ENDPOINTS);
        assertThat(generations(state())).containsExactly(generation);
    }

    /** Returns the weights of all endpoints in a file, which change with every generation. */
    private static Set<Integer> generations(Path file) {
        try {
            Set<Integer> weights = new HashSet<>();
            new ObjectMapper()
                    .readTree(Files.readAllBytes(file))
                    .findValues("weight")
                    .forEach(weight -> weights.add(weight.asInt() - 1));
            return weights;
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void register(LoopbackBackend backend, int generation) throws IOException {
        String entries = IntStream.range(0, ENDPOINTS)
                .mapToObj(i -> "{\"name\": \"i-%d\", \"host\": \"127.0.0.1\", \"port\": %d, \"weight\": %d}"
                        .formatted(i, backend.port(), generation + 1))
                .collect(Collectors.joining(",\n", "[", "]"));
        Path beside = Files.writeString(directory.resolve("registry.tmp"), entries);
        Files.move(beside, registry(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private @Nullable Object inode() {
        try {
            return Files.readAttributes(state(), BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path registry() {
        return directory.resolve("registry.json");
    }

    private Path state() {
        return directory.resolve("state.json");
    }

    private String yaml() {
        return """
                state_file: {path: %s, interval: 5ms}
                services:
                  web:
                    port: "127.0.0.1:0"
                    discovery: {method: file, path: %s}
                """.formatted(state(), registry());
    }
}
