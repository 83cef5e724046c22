package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.ReloadConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    /** Longer than the test, which looks by itself. */
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final AtomicInteger reloads = new AtomicInteger();
    private Path file = Path.of("");
    private Path services = Path.of("");
    private FileWatch watch = new FileWatch(List.of(), reloads::incrementAndGet);

    @BeforeEach
    void watchAFileAndADirectory() throws IOException {
        file = Files.writeString(directory.resolve("a.yaml"), "one");
        services = Files.createDirectory(directory.resolve("services.d"));
        watch = new FileWatch(List.of(file), reloads::incrementAndGet);
        watch.take(new ReloadConfig(true, NEVER, List.of(services)));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void filesThatStayAsTheyAreAreNotReadAgain() {
        assertThat(reloadsAfterLooks(3)).isZero();
    }

    @Test
    void aChangeIsTakenUpOnceItIsOver() throws IOException {
        Files.writeString(file, "one and");
        assertThat(reloadsAfterLooks(1)).isZero();
        Files.writeString(file, "one and two");
        assertThat(reloadsAfterLooks(1)).isZero();
        assertThat(reloadsAfterLooks(1)).isEqualTo(1);
        assertThat(reloadsAfterLooks(3)).isEqualTo(1);
    }

    @Test
    void aFileOfTheSameLengthInItsPlaceIsAChange() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Path other = Files.writeString(directory.resolve("b.yaml"), "two");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(reloadsAfterLooks(2)).isEqualTo(1);
    }

    @Test
    void filesThatComeAndGoAreChanges() throws IOException {
        Path service = Files.writeString(services.resolve("web.json"), "{}");
        assertThat(reloadsAfterLooks(2)).isEqualTo(1);

        watch.take(new ReloadConfig(true, NEVER, List.of(services, service)));
        Files.writeString(service, "{ }");
        assertThat(reloadsAfterLooks(2)).isEqualTo(2);

        Files.delete(service);
        Files.delete(services);
        assertThat(reloadsAfterLooks(2)).isEqualTo(3);
        Files.createDirectory(services);
        assertThat(reloadsAfterLooks(2)).isEqualTo(4);
    }

    @Test
    void whatChangedSinceItWasReadIsNotMissed() throws IOException {
        Files.writeString(file, "changed between the reading and this");
        watch.take(new ReloadConfig(true, NEVER, List.of(services)));

        assertThat(reloadsAfterLooks(2)).isEqualTo(1);
    }

    private int reloadsAfterLooks(int times) {
        for (int i = 0; i < times; i++) {
            watch.lookAgain();
        }
        return reloads.get();
    }
}
