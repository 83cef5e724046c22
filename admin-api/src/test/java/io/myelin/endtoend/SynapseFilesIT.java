package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario 23: files as they are in the wild, and a directory of them. */
@Timeout(60)
class SynapseFilesIT {
    private static final Path EXAMPLES = Path.of("../config/examples");
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.answering("member");
    private final LoopbackBackend other = LoopbackBackend.answering("other");

    @AfterEach
    void close() {
        member.close();
        other.close();
    }

    @ParameterizedTest
    @CsvSource({
        "wild-tabs.json, accounts",
        "wild-bare-keys.json, search",
        "wild-templates.yaml, billing",
        "wild-strings.yaml, orders queue",
        "wild-directory.yaml, reviews photos maps"
    })
    void scenario23FilesAsTheyAreInTheWildLoadAndServe(String name, String services)
            throws IOException, InterruptedException, StartException {
        Path file = copyWithPortsOfThisTest(EXAMPLES.resolve(name));
        Path files = Files.createDirectory(directory.resolve("services.d"));
        try (Stream<Path> each = Files.list(EXAMPLES.resolve("services.d"))) {
            for (Path one : each.toList()) {
                copyWithPortsOfThisTest(one, files);
            }
        }

        try (World world = World.of(file)) {
            for (String service : services.split(" ", -1)) {
                assertThat(get(world.port(service))).as(service).isIn("member", "other");
            }
            assertThat(world.errors().lines()).allMatch(line -> line.contains(" warning: "));
        }
    }

    @Test
    void scenario23ABrokenFileHarmsItsServiceOnlyOrAll() throws IOException, InterruptedException, StartException {
        Path files = Files.createDirectory(directory.resolve("services.d"));
        writeService("web", member);
        Files.writeString(files.resolve("cut.json"), "{\"port\": 0,");
        try (World world = World.from(directory, "service_conf_dir: " + files)) {
            assertThat(get(world.port("web"))).isEqualTo("member");
            assertThat(world.errors()).contains("cut.json:1:").contains("service cut: not started");

            writeService("web", other);
            world.reload("{service_conf_dir: " + files + ", strict: true}");
            assertThat(get(world.port("web"))).isEqualTo("member");
            assertThat(world.admin()
                            .json("/api/v1/process")
                            .path("config")
                            .path("error")
                            .asText())
                    .contains("strict: nothing is used because of errors in cut");

            Files.delete(files.resolve("cut.json"));
            world.reload("{service_conf_dir: " + files + ", strict: true}");
            assertThat(get(world.port("web"))).isEqualTo("other");
        }
    }

    @Test
    void filesThatChangeAreReadAgainWhileConnectionsStay() throws IOException, InterruptedException, StartException {
        Path files = Files.createDirectory(directory.resolve("services.d"));
        writeService("web", member);
        try (World world = World.from(
                        directory, "{service_conf_dir: " + files + ", reload: {watch: true, interval: 20ms}}");
                RawClient client = RawClient.to(world.port("web"))) {
            int port = world.port("web");
            assertThat(client.send(GET).readResponse().body()).isEqualTo("member");

            writeService("web", other);
            Await.until("the changed file counts", () -> get(port).equals("other"));
            assertThat(client.send(GET).readResponse().body()).isEqualTo("other");

            writeService("more", other);
            Await.until(
                    "the new file counts",
                    () -> world.listeners().size() == 2
                            && get(world.port("more")).equals("other"));

            Files.delete(files.resolve("more.json"));
            Await.until(
                    "the file that is gone does not", () -> world.listeners().size() == 1);

            Files.writeString(files.resolve("web.json"), "{\"port\"");
            Await.until(
                    "the broken file is noticed",
                    () -> world.service("web").path("problems").toString().contains("web.json:1:"));
            assertThat(client.send(GET).readResponse().body()).isEqualTo("other");
        }
    }

    private Path copyWithPortsOfThisTest(Path file) throws IOException {
        return copyWithPortsOfThisTest(file, directory);
    }

    private Path copyWithPortsOfThisTest(Path file, Path to) throws IOException {
        String text = Files.readString(file)
                .replaceAll("\\b321\\d\\b", "0")
                .replaceAll("\\b8420\\b", String.valueOf(member.port()))
                .replaceAll("\\b8421\\b", String.valueOf(other.port()));
        return Files.writeString(to.resolve(file.getFileName()), text);
    }

    private void writeService(String name, LoopbackBackend backend) throws IOException {
        Path whole = Files.writeString(
                directory.resolve(name),
                "{\n\t\"port\": 0,\n\t\"servers\": [\"127.0.0.1:" + backend.port() + "\",],\n}");
        Files.move(whole, directory.resolve("services.d").resolve(name + ".json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String get(int port) {
        try (RawClient client = RawClient.to(port)) {
            return client.send(GET).readResponse().body();
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }
}
