package io.myelin.discovery.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.TestIdentity;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that shows a certificate, and wants to see one. */
@Timeout(30)
class DockerTlsTest {
    @TempDir
    Path directory;

    private final Watchers watchers =
            new Watchers(List.of(new DockerProvider(Duration.ofSeconds(5), bound -> bound - 1)), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile int port = 1_001;

    @Test
    void whoeverHasTheCertificateMayAskAndListen() throws IOException, GeneralSecurityException {
        TestIdentity identity = TestIdentity.in(directory);
        identity.certificate("ca.pem");
        identity.certificate("cert.pem");
        identity.key("key.pem");
        HttpsServer daemon = identity.server(true);
        daemon.createContext("/containers/json", this::list);
        daemon.createContext("/events", this::tell);
        daemon.start();
        try (watchers;
                ServiceWatcher watcher = watch(daemon, TlsFiles.in(directory), sink, Duration.ofHours(1))) {
            watcher.start();
            sink.awaitAddresses("10.0.0.1:1001");
            sink.awaitState(State.LIVE);

            port = 1_002;
            events.add("{\"from\": \"web:1\"}\n");
            sink.awaitAddresses("10.0.0.1:1002");

            refusesStrangers(daemon, new TlsFiles(directory.resolve("ca.pem"), null, null), "");
            Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
            refusesStrangers(
                    daemon,
                    new TlsFiles(null, directory.resolve("cert.pem"), empty),
                    ", key_file: " + empty + ": no private key (expected: one in PEM)");
            refusesStrangers(daemon, TlsFiles.in(directory.resolve("none")), "ca.pem cannot be read");
        } finally {
            daemon.stop(0);
        }
    }

    @Test
    void certificatesMayChangeWhileTheyAreUsed() throws IOException, GeneralSecurityException {
        TestIdentity identity = TestIdentity.in(directory);
        identity.certificate("ca.pem");
        identity.key("key.pem");
        Path certificate = Files.writeString(directory.resolve("cert.pem"), "not issued yet");
        HttpsServer daemon = identity.server(true);
        daemon.createContext("/containers/json", this::list);
        daemon.start();
        try (watchers;
                ServiceWatcher watcher = watch(daemon, TlsFiles.in(directory), sink, Duration.ofMillis(50))) {
            watcher.start();
            Eventually.holds(
                    "the reason",
                    () -> !sink.statuses().isEmpty()
                            && sink.lastStatus().error().contains("cert_file: " + certificate));

            identity.certificate("cert.pem");

            sink.awaitAddresses("10.0.0.1:1001");
            sink.awaitState(State.LIVE);
        } finally {
            daemon.stop(0);
        }
    }

    private void refusesStrangers(HttpsServer daemon, TlsFiles files, String reason) {
        RecordingSink stranger = new RecordingSink();
        try (ServiceWatcher watcher = watch(daemon, files, stranger, Duration.ofHours(1))) {
            watcher.start();
            Eventually.holds(
                    "a refusal",
                    () -> !stranger.statuses().isEmpty()
                            && !stranger.lastStatus().error().isEmpty());
            assertThat(stranger.lastStatus().error())
                    .startsWith("https://localhost:" + daemon.getAddress().getPort())
                    .contains(reason);
            assertThat(stranger.sets()).isEmpty();
        }
    }

    private ServiceWatcher watch(HttpsServer daemon, TlsFiles files, RecordingSink into, Duration interval) {
        HttpOrigin origin =
                new HttpOrigin(true, "localhost", daemon.getAddress().getPort(), "");
        DockerHost host = new DockerHost("", "10.0.0.1", origin, files);
        return watchers.watch("web", new DockerConfig(List.of(host), "web", 80, interval, true), into);
    }

    private void list(HttpExchange exchange) throws IOException {
        byte[] body = ("[{\"Image\": \"web:1\", \"Ports\": [{\"PrivatePort\": 80, \"PublicPort\": " + port
                        + ", \"Type\": \"tcp\"}]}]")
                .getBytes(US_ASCII);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Tells what the test says, for as long as somebody listens. */
    private void tell(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            while (true) {
                exchange.getResponseBody().write(events.take().getBytes(US_ASCII));
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
