package io.myelin.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes the state file, at fifty random moments. */
@Timeout(120)
class KilledWriterIT {
    private static final int KILLS = 50;
    private static final long WRITTEN_MILLIS = 1_700_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void theFileIsReadableWheneverItsWriterIsKilled() throws IOException, InterruptedException {
        Random moments = new Random(7);
        Path file = directory.resolve("state.json");
        for (int kill = 0; kill < KILLS; kill++) {
            @Nullable Object before = inode(file);
            Process writer = start(file);
            try {
                Await.until("it writes", () -> !Objects.equals(inode(file), before));
                LockSupport.parkNanos(moments.nextInt(10_000_000));
            } finally {
                writer.destroyForcibly();
                assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            Map<String, RememberedPool> read = StateCodec.read(
                            Files.readAllBytes(file), WRITTEN_MILLIS, Duration.ofDays(1))
                    .pools();
            RememberedPool pool = Objects.requireNonNull(read.get("web"), "no pool after kill " + kill);
            assertThat(EndlessWriter.complete(pool)).as("after kill %d", kill).isTrue();
        }
    }

    private static @Nullable Object inode(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process start(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
