package io.myelin.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileWatcherTest {
    private static final String ONE = "[{\"host\": \"10.0.0.1\", \"port\": 80}]";

    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private final FileProvider provider = new FileProvider();
    private final Watchers watchers = new Watchers(List.of(provider), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("web.json");
    }

    @AfterEach
    void close() {
        watchers.close();
    }

    @Test
    void deliversTheFileAndEveryReplacementOfIt() throws IOException {
        replace(ONE);
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            sink.awaitAddresses("10.0.0.1:80");
            sink.awaitState(State.LIVE);
            assertThat(sink.statuses().get(0).state()).isEqualTo(State.STARTING);
            assertThat(sink.lastStatus().source()).isEqualTo("file " + file);

            replace("- {host: 10.0.0.2, port: \"81\"}\n- {host: 10.0.0.1, port: 80}\n");
            sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:81");
            replace("[]");
            sink.awaitAddresses();

            assertThat(sink.sets()).hasSize(3);
            assertThat(sink.sets().get(0).service()).isEqualTo("web");
        }
    }

    @Test
    void anEditInPlaceOfTheSameLengthIsNoticed() throws IOException {
        Files.writeString(file, ONE);
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            sink.awaitAddresses("10.0.0.1:80");

            Eventually.holds("what is written now has a later time", this::timesHaveGoneOn);
            Files.writeString(file, ONE.replace("0.1", "0.9"));

            sink.awaitAddresses("10.0.0.9:80");
        }
    }

    @Test
    void whatALinkLeadsToMayChange() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), ONE);
        Path second = Files.writeString(directory.resolve("second"), ONE.replace("0.1", "0.2"));
        Files.createSymbolicLink(file, first);
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            sink.awaitAddresses("10.0.0.1:80");

            Path draft = Files.createSymbolicLink(directory.resolve("draft"), second);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

            sink.awaitAddresses("10.0.0.2:80");
        }
    }

    @Test
    void badContentKeepsTheLastGoodAndSaysWhatIsWrong() throws IOException {
        replace(ONE);
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            sink.awaitState(State.LIVE);

            replace("[{\"host\": \"10.0.0.1\", \"port\"");
            sink.awaitState(State.STALE);
            assertThat(sink.lastStatus().error()).startsWith(file + ": 1:").contains("expected: a list of maps");
            assertThat(sink.sets()).hasSize(1);

            replace("{\"host\": \"10.0.0.1\"}");
            awaitError("holds no list (expected: a list of maps with host and port)");
            replace("");
            awaitError("holds nothing (expected: a list of maps with host and port)");
            replace("[{\"host\": \"10.0.0.1\", \"port\": 99999}]");
            awaitError("[0].port: 99999 (expected: 1..65535)");
            assertThat(sink.sets()).hasSize(1);

            replace(ONE.replace("80", "81"));
            sink.awaitAddresses("10.0.0.1:81");
            sink.awaitState(State.LIVE);
            assertThat(sink.lastStatus().error()).isEmpty();
            assertThat(provider.counts().get("file_failed_reads_total")).isEqualTo(4);
        }
    }

    @Test
    void aMissingFileIsWaitedForAndMissed() throws IOException {
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            awaitError("there is no such file (expected: a JSON or YAML file)");
            assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);

            replace(ONE);
            sink.awaitAddresses("10.0.0.1:80");
            sink.awaitState(State.LIVE);
            Files.delete(file);
            sink.awaitState(State.STALE);
            assertThat(sink.sets()).hasSize(1);

            replace(ONE);
            sink.awaitState(State.LIVE);
        }
    }

    @Test
    void oneMalformedEntryHarmsOnlyItself() throws IOException {
        replace("[{\"host\": \"10.0.0.1\", \"port\": 80}, {\"host\": \"10.0.0.2\"}, 7, {\"port\": 1},"
                + " {\"host\": \"10.0.0.3\", \"port\": 80, \"weight\": \"many\"}]");
        try (ServiceWatcher watcher = watch()) {
            watcher.start();

            sink.awaitAddresses("10.0.0.1:80");
            sink.awaitState(State.LIVE);
            assertThat(provider.counts().get("file_malformed_total")).isEqualTo(4);
        }
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectory(file);
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            Eventually.holds(
                    "an error",
                    () -> !sink.statuses().isEmpty()
                            && !sink.lastStatus().error().isEmpty());

            assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
        }
    }

    @Test
    void everyFieldOfFileOutputIsRead() throws IOException {
        replace("""
                [
                \t{"name": "i-7", "host": "10.0.0.7", "port": "8080", "id": 5, "weight": 10,
                \t "haproxy_server_options": "backup", "labels": {"zone": "a", "n": 1, "none": null}, "extra": [],},
                \t{"host": "[2001:db8::1]", "port": 1.0, "id": null, "weight": null, "labels": null, "name": null},
                \t{"host": "unix", "port": "/run/x.sock"}
                ]
                """);
        try (ServiceWatcher watcher = watch()) {
            watcher.start();
            sink.awaitState(State.LIVE);

            List<Endpoint> endpoints = sink.sets().get(0).endpoints();
            assertThat(endpoints)
                    .extracting(Endpoint::address)
                    .containsExactly("10.0.0.7:8080", "[2001:db8::1]:1", "/run/x.sock");
            Endpoint first = endpoints.get(0);
            assertThat(first.name()).isEqualTo("i-7");
            assertThat(first.sequence()).isEqualTo(5L);
            assertThat(first.weight()).isEqualTo(10);
            assertThat(first.options()).isEqualTo("backup");
            assertThat(first.labels())
                    .containsEntry("zone", "a")
                    .containsEntry("n", "1")
                    .hasSize(2);
            assertThat(endpoints.get(1).sequence()).isNull();
            assertThat(endpoints.get(1).weight()).isNull();
        }
    }

    @Test
    void nothingIsDeliveredAfterClosing() throws IOException {
        replace(ONE);
        ServiceWatcher watcher = watch();
        watcher.start();
        watcher.start();
        sink.awaitAddresses("10.0.0.1:80");
        watcher.close();
        watcher.close();
        long before = reads();
        RecordingSink other = new RecordingSink();
        replace("[]");
        try (ServiceWatcher second = watchers.watch("web", new FileConfig(file, OFTEN), other)) {
            second.start();
            other.awaitAddresses();
        }

        assertThat(sink.sets()).hasSize(1);
        assertThat(reads()).isEqualTo(before + 1);
    }

    private void awaitError(String reason) {
        Eventually.holds(
                reason,
                () -> !sink.statuses().isEmpty() && sink.lastStatus().error().equals(file + ": " + reason));
    }

    /** Many file systems tell times in steps of several milliseconds. */
    private boolean timesHaveGoneOn() {
        try {
            Path probe = Files.writeString(directory.resolve("probe"), "now");
            return Files.getLastModifiedTime(probe).compareTo(Files.getLastModifiedTime(file)) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long reads() {
        return provider.counts().getOrDefault("file_reads_total", 0L);
    }

    private ServiceWatcher watch() {
        return watchers.watch("web", new FileConfig(file, OFTEN), sink);
    }

    /** Replaces the file as a whole, as a careful program does. */
    private void replace(String content) throws IOException {
        Path draft = Files.writeString(directory.resolve("web.draft"), content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
