package io.myelin.discovery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

@Timeout(30)
class S3ReaderTest {
    private static final AwsCredentialsProvider RIGHT = StaticCredentialsProvider.create(
            AwsBasicCredentials.create(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY));

    private final StoreServer store = started();

    private static StoreServer started() {
        try {
            return new StoreServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void put() {
        store.put("/bucket/toggles/web.yaml", "primary: 1\n");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void getsAnObjectWithASignature() throws IOException, InterruptedException {
        assertThat(new String(client(RIGHT).get("bucket", "toggles/web.yaml"), StandardCharsets.UTF_8))
                .isEqualTo("primary: 1\n");
        assertThat(store.requests()).containsExactly("eu-west-1 /bucket/toggles/web.yaml");
    }

    @Test
    void aKeyMayHoldAnything() throws IOException, InterruptedException {
        store.put("/bucket/a%20b/%C3%A9%2B%3F.yaml", "one: 1\n");

        assertThat(client(RIGHT).get("bucket", "a b/\u00e9+?.yaml")).hasSize(7);
    }

    @Test
    void followsABucketToItsRegion() throws IOException, InterruptedException {
        store.moveTo("us-west-2");

        assertThat(client(RIGHT).get("bucket", "toggles/web.yaml")).hasSize(11);
        assertThat(store.requests())
                .containsExactly("eu-west-1 /bucket/toggles/web.yaml", "us-west-2 /bucket/toggles/web.yaml");
    }

    @Test
    void saysWhatTheStoreSays() {
        AwsCredentialsProvider wrong =
                StaticCredentialsProvider.create(AwsBasicCredentials.create(StoreServer.ACCESS_KEY, "other"));

        assertThatThrownBy(() -> client(wrong).get("bucket", "toggles/web.yaml"))
                .isInstanceOf(IOException.class)
                .hasMessage("HTTP 403 SignatureDoesNotMatch (expected: 200)");
        assertThatThrownBy(() -> client(RIGHT).get("bucket", "none"))
                .isInstanceOf(IOException.class)
                .hasMessage("HTTP 404 NoSuchKey (expected: 200)");
    }

    @Test
    void anObjectThatIsTooLongIsRefused() {
        store.put("/bucket/long", "x".repeat(1024 * 1024 + 1));

        assertThatThrownBy(() -> client(RIGHT).get("bucket", "long"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("longer than 1048576 bytes");
    }

    @Test
    void aStoreThatIsNotThereOrDoesNotAnswerIsAnError() throws IOException {
        // Nobody listens there, and nobody who wants any free port gets that one.
        S3Endpoint nobody = new S3Endpoint("http://127.0.0.1:1");
        S3Client refused = new S3Client(nobody, RIGHT, () -> Region.US_EAST_1, Duration.ofSeconds(10));
        assertThatThrownBy(() -> refused.get("bucket", "key"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be reached");

        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            S3Endpoint endpoint = new S3Endpoint("http://127.0.0.1:" + silent.getLocalPort());
            S3Client client = new S3Client(endpoint, RIGHT, () -> Region.US_EAST_1, Duration.ofMillis(100));
            assertThatThrownBy(() -> client.get("bucket", "key"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("no answer within 100 ms from 127.0.0.1:");
        }
    }

    @Test
    void whereCredentialsAreMissingTheReadFailsAndLaterOnesGoOn()
            throws InterruptedException, ExecutionException, TimeoutException {
        AwsCredentialsProvider[] current = {
            () -> {
                throw SdkClientException.create("no credentials");
            }
        };
        try (S3Reader reader = new S3Reader(() -> client(() -> current[0].resolveCredentials()))) {
            assertThatThrownBy(() -> reader.read("bucket", "toggles/web.yaml")
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasRootCauseMessage("no credentials");
            current[0] = RIGHT;

            assertThat(reader.read("bucket", "toggles/web.yaml")
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasSize(11);
        }
    }

    @Test
    void aClosedReaderReadsNothing() {
        S3Reader reader = new S3Reader(() -> client(RIGHT));
        reader.close();

        assertThat(reader.read("bucket", "key").toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void bucketsHaveHostsOfTheirOwnUnlessThatCannotBe() {
        S3Endpoint amazon = S3Endpoint.of(Map.of());

        assertThat(amazon.addressOf("b", "k/l", "eu-west-1")).hasToString("https://b.s3.eu-west-1.amazonaws.com/k/l");
        assertThat(amazon.addressOf("a.b", "k", "eu-west-1")).hasToString("https://s3.eu-west-1.amazonaws.com/a.b/k");
        assertThat(amazon.addressOf("b", "k", "cn-north-1")).hasToString("https://b.s3.cn-north-1.amazonaws.com.cn/k");
        assertThat(S3Endpoint.of(Map.of("AWS_ENDPOINT_URL", "http://h:1/")).addressOf("b", "k", "r"))
                .hasToString("http://h:1/b/k");
        assertThat(S3Endpoint.of(Map.of("AWS_ENDPOINT_URL", "http://h:1", "AWS_ENDPOINT_URL_S3", "http://h:2/base"))
                        .addressOf("b", "k", "r"))
                .hasToString("http://h:2/base/b/k");
    }

    private S3Client client(AwsCredentialsProvider credentials) {
        return new S3Client(new S3Endpoint(store.url()), credentials, () -> Region.EU_WEST_1, Duration.ofSeconds(10));
    }
}
