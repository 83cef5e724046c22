package io.myelin.discovery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.discovery.testing.Eventually;
import io.myelin.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Reads from a store that others wrote: Adobe's S3Mock, in a process of its own. */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class RealStoreTest {
    private static final Path PROGRAM = Path.of("target", "test-servers", "s3mock.jar");
    private static final int PORT = FreePorts.one();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private @Nullable Process store;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        assumeTrue(Files.exists(PROGRAM), PROGRAM + " is not there: the build puts it there");
        store = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-jar",
                        PROGRAM.toString(),
                        "--server.address=127.0.0.1",
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.httpPort=" + PORT,
                        "--com.adobe.testing.s3mock.store.initialBuckets=toggles",
                        "--com.adobe.testing.s3mock.store.root=" + directory)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Eventually.holds("the store answers", () -> status("GET", "/toggles", "") == 200);
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (store != null) {
            store.destroy();
            assertThat(store.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anObjectIsReadAsItIsNow() throws IOException, InterruptedException {
        assertThat(status("PUT", "/toggles/web%20one.yaml", "primary: 1\n")).isEqualTo(200);
        assertThat(client().get("toggles", "web one.yaml")).asString().isEqualTo("primary: 1\n");

        assertThat(status("PUT", "/toggles/web%20one.yaml", "secondary: 1\n")).isEqualTo(200);
        assertThat(client().get("toggles", "web one.yaml")).asString().isEqualTo("secondary: 1\n");
    }

    @Test
    void whatIsNotThereIsAnErrorInTheStoresWords() {
        assertThatThrownBy(() -> client().get("toggles", "none"))
                .isInstanceOf(IOException.class)
                .hasMessage("HTTP 404 NoSuchKey (expected: 200)");
        assertThatThrownBy(() -> client().get("nowhere", "none"))
                .isInstanceOf(IOException.class)
                .hasMessage("HTTP 404 NoSuchBucket (expected: 200)");
    }

    private static S3Client client() {
        return new S3Client(
                new S3Endpoint("http://127.0.0.1:" + PORT),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
                () -> Region.EU_WEST_1,
                Duration.ofSeconds(10));
    }

    /** Returns the status of a request to the store, 0 if it cannot be reached yet. */
    private static int status(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HTTP.sendAsync(request, BodyHandlers.discarding())
                .orTimeout(10, TimeUnit.SECONDS)
                .handle((answer, failure) -> failure == null ? answer.statusCode() : 0)
                .join();
    }
}
