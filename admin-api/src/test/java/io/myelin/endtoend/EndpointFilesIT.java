package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that stand in files, from the file to the client, whatever happens to the file. */
@Timeout(60)
class EndpointFilesIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("web-endpoints"), listOf(one));
    }

    @AfterEach
    void closeAll() {
        one.close();
        two.close();
    }

    @Test
    void trafficFollowsTheFileAndGoesOnWithoutIt() throws IOException {
        String yaml = """
                services:
                  web: {port: "127.0.0.1:0", discovery: {method: file, path: "%s"}}
                """.formatted(file);
        try (Child child = Child.from(directory, yaml);
                RawClient client = RawClient.to(child.port("web"))) {
            awaitBody(client, "one");
            awaitSource(child, "live", "");

            replace(listOf(two));
            awaitBody(client, "two");
            Files.writeString(file, listOf(one));
            awaitBody(client, "one");

            Files.writeString(file, listOf(two).replace("]", ""));
            awaitSource(child, "stale", "not JSON");
            assertThat(body(client)).isEqualTo("one");
            Files.delete(file);
            awaitSource(child, "stale", "there is no such file");
            assertThat(body(client)).isEqualTo("one");
            assertThat(child.admin().get("/ready").statusCode()).isEqualTo(200);

            replace(listOf(two));
            awaitBody(client, "two");
            awaitSource(child, "live", "");
            assertThat(child.admin().metrics().sum("myelin_file_failed_reads_total"))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatOneProcessWritesAnotherReads() throws IOException, InterruptedException, StartException {
        Path written = directory.resolve("written");
        Path again = directory.resolve("again");
        replace("""
                [{"name": "i-1", "host": "127.0.0.1", "port": %d, "id": 7, "weight": 20,
                  "labels": {"zone": "east"}, "haproxy_server_options": "maxconn 5"}]
                """.formatted(one.port()));
        try (World writer = World.from(Files.createDirectory(directory.resolve("writer")), relay(file, written));
                World reader = World.from(
                        Files.createDirectory(directory.resolve("reader")),
                        relay(written.resolve("web.json"), again))) {
            reader.awaitEligible("web", 1);
            Await.until("the second file", () -> Files.exists(again.resolve("web.json")));

            JsonNode endpoint = content(again).get(0);
            assertThat(endpoint).isEqualTo(content(written).get(0));
            assertThat(endpoint.path("name").asText()).isEqualTo("i-1");
            assertThat(endpoint.path("id").asInt()).isEqualTo(7);
            assertThat(endpoint.path("weight").asInt()).isEqualTo(20);
            assertThat(endpoint.path("labels").path("zone").asText()).isEqualTo("east");
            assertThat(endpoint.path("haproxy_server_options").asText()).isEqualTo("maxconn 5");
            try (RawClient client = RawClient.to(reader.port("web"))) {
                assertThat(body(client)).isEqualTo("one");

                replace(listOf(two));

                awaitBody(client, "two");
            }
            assertThat(writer.service("web").path("source").path("state").asText())
                    .isEqualTo("live");
        }
    }

    private static String relay(Path from, Path to) {
        return """
                file_output: {output_directory: "%s"}
                services:
                  web: {port: "127.0.0.1:0", discovery: {method: file, path: "%s"}}
                """.formatted(to, from);
    }

    private static String listOf(LoopbackBackend backend) {
        return "[{\"host\": \"127.0.0.1\", \"port\": " + backend.port() + "}]";
    }

    private static JsonNode content(Path output) throws IOException {
        return JSON.readTree(Files.readAllBytes(output.resolve("web.json")));
    }

    /** Replaces the file as a whole, as a careful program does. */
    private void replace(String content) throws IOException {
        Path draft = Files.writeString(directory.resolve("draft"), content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void awaitSource(Child child, String state, String error) {
        child.admin().await("/api/v1/services/web", "a source that is " + state, found -> {
            JsonNode source = found.path("source");
            return source.path("state").asText().equals(state)
                    && source.path("error").asText().contains(error);
        });
    }

    private static void awaitBody(RawClient client, String body) {
        Await.until("answers of " + body, () -> {
            try {
                return body(client).equals(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String body(RawClient client) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse().body();
    }
}
