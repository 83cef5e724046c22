package io.myelin.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MainIT {
    @TempDir
    Path directory;

    @Test
    void servesUntilItIsTerminatedAndLeavesInPeace() throws IOException, InterruptedException {
        try (MyelinProcess process = MyelinProcess.start("run", "-c", write(service("web", 0)))) {
            String admin = process.awaitLine(line -> true);
            process.awaitLine(line -> line.startsWith("listening web http 127.0.0.1:"));

            assertThat(admin).startsWith("admin http://127.0.0.1:");
            assertThat(get(admin.substring("admin ".length()) + "/live")).isEqualTo(200);
            process.signal("TERM");
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void aTakenPortHarmsOnlyItsService() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MyelinProcess process = MyelinProcess.start(
                        "run", "-c", write(service("web", taken.getLocalPort()) + service("api", 0)))) {
            process.awaitLine(line -> line.startsWith("listening api"));
            process.signal("TERM");

            assertThat(process.exitCode()).isZero();
            assertThat(process.errors())
                    .containsIgnoringCase("listener web 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .contains("expected: a free port");
        }
    }

    @Test
    void aBrokenServiceHarmsOnlyItself() throws IOException, InterruptedException {
        try (MyelinProcess process = MyelinProcess.start("run", "-c", write(service("web", 0) + "  api: {}\n"))) {
            process.awaitLine(line -> line.startsWith("listening web"));
            process.signal("TERM");

            assertThat(process.exitCode()).isZero();
            assertThat(process.errors()).contains("service api: not started");
        }
    }

    @Test
    void filesWithoutAnythingUsableEndTheStart() throws IOException, InterruptedException {
        try (MyelinProcess process = MyelinProcess.start("run", "-c", write("  web: {}\n"))) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.errors()).contains("services.web");
        }
    }

    @Test
    void aTakenAdminPortEndsTheStart() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MyelinProcess process = MyelinProcess.startAt(
                        "127.0.0.1:" + taken.getLocalPort(), "run", "-c", write(service("web", 0)))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.errors())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("MYELIN_ADMIN_ADDRESS");
        }
    }

    @Test
    void aHangUpReloadsAndKeepsWhatCannotBeReplaced() throws IOException, InterruptedException {
        String file = write(service("web", 0));
        try (MyelinProcess process = MyelinProcess.start("run", "-c", file)) {
            String admin = process.awaitLine(line -> line.startsWith("admin")).substring("admin ".length());
            process.awaitLine(line -> line.startsWith("listening web"));

            write("  web: {}\n" + service("api", 0));
            process.signal("HUP");
            awaitBody(admin + "/api/v1/services", "\"api\"");

            assertThat(body(admin + "/api/v1/services")).contains("\"web\"");
            process.signal("TERM");
            assertThat(process.exitCode()).isZero();
            assertThat(process.errors()).contains("Service not reloaded, its previous version goes on: service=web");
        }
    }

    private String write(String services) throws IOException {
        return Files.writeString(directory.resolve("synapse.yaml"), "services:\n" + services)
                .toString();
    }

    private static String service(String name, int port) {
        return """
                  %s:
                    discovery: {method: base}
                    default_servers: [{name: a, host: 127.0.0.1, port: 1}]
                    haproxy: {port: %d, bind_address: 127.0.0.1, listen: [mode http]}
                """.formatted(name, port);
    }

    private static int get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static String body(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.ofString())
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .body();
    }

    /** Asks until the answer contains {@code text}. */
    private static void awaitBody(String url, String text) {
        Await.until("the answer contains " + text, () -> body(url).contains(text));
    }
}
