package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.MyelinProcess;
import io.myelin.launcher.cli.MyelinCommand;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What becomes of files that are wrong in part or as a whole. */
@Timeout(60)
class BrokenConfigIT {
    private static final Path BROKEN = Path.of("../config/src/test/resources/broken");
    /** {@code file:line:column: key: what (expected: ...)}; where there are no keys yet, the language instead. */
    private static final String MESSAGE = ".+\\.(yaml|json):\\d+:\\d+: (warning: )?(not YAML|not JSON|[^\\s:]+): .+";

    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.answering("member");

    @AfterEach
    void close() {
        member.close();
    }

    static List<Path> brokenFiles() throws IOException {
        try (Stream<Path> files = Files.list(BROKEN)) {
            return files.filter(file -> !file.toString().endsWith(".messages"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreTenBrokenFiles() throws IOException {
        assertThat(brokenFiles()).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void oneBrokenServiceLeavesTheOthersServing() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, service("web", 0) + service("api", 0) + "    balance: fastest\n")) {
            assertThat(get(world.port("web"))).isEqualTo("member");

            String expectation = "services.api.balance: fastest (expected: roundrobin, ";
            assertThat(world.errors())
                    .contains("myelin.yaml:8:14: " + expectation)
                    .contains("service api: not started, its configuration cannot be used; the other services run");
            JsonNode broken = named(world.admin().json("/api/v1/services"), "api");
            assertThat(broken.path("state").asText()).isEqualTo("broken");
            assertThat(broken.path("problems").toString()).contains(expectation);
            assertThat(named(world.admin().json("/api/v1/services"), "web")
                            .path("state")
                            .asText())
                    .isEqualTo("up");
            assertThat(world.admin().metrics().sum("myelin_broken_services")).isEqualTo(1);
        }
    }

    @Test
    void requestsForABrokenServiceReachNoOther() throws IOException, InterruptedException, StartException {
        String yaml = service("web", 0)
                + service("api", 0).replace("port: 0", "port: many")
                + "    routes: [{path_prefix: /api}]\n"
                + "frontends: {edge: {bind: \"127.0.0.1:0\", default: web}}\n";
        try (World world = World.from(directory, yaml);
                RawClient client = RawClient.to(world.port("edge"))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            RawClient.Response refused =
                    client.send("GET /api HTTP/1.1\r\nHost: h\r\n\r\n").readResponse();

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("X-Myelin-Failure")).isEqualTo("no_member");
            assertThat(world.service("api").path("state").asText()).isEqualTo("broken");
            assertThat(world.admin().get("/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTakenPortHarmsOnlyItsService() throws IOException, InterruptedException, StartException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                World world = World.from(directory, service("web", taken.getLocalPort()) + service("api", 0))) {
            int port = taken.getLocalPort();
            assertThat(world.errors())
                    .contains("listener web localhost:" + port + ": address already in use (expected: a free port)");
            assertThat(get(world.port("api"))).isEqualTo("member");

            JsonNode web = world.service("web");
            assertThat(web.path("state").asText()).isEqualTo("degraded");
            JsonNode listener = web.path("listeners").path(0);
            assertThat(listener.path("address").asText()).isEqualTo("localhost:" + port);
            assertThat(listener.path("listening").asBoolean()).isFalse();
            assertThat(listener.path("error").asText()).contains("address already in use");
            assertThat(world.admin().metrics().sum("myelin_listener_up", "listener=\"web\""))
                    .isZero();
        }
    }

    @Test
    void aReloadTriesATakenPortAgain() throws IOException, InterruptedException, StartException {
        int port = Ports.free(1).get(0);
        try (World freed = startedOnTakenPort(port)) {
            freed.reload(service("web", port));

            assertThat(get(port)).isEqualTo("member");
            assertThat(freed.service("web").path("state").asText()).isEqualTo("up");
        }
    }

    private World startedOnTakenPort(int port) throws IOException, InterruptedException, StartException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            World world = World.from(directory, service("web", taken.getLocalPort()));
            assertThat(world.service("web").path("state").asText()).isEqualTo("degraded");
            return world;
        }
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void checkNamesThePlaceTheKeyAndWhatIsExpected(Path file) {
        StringWriter out = new StringWriter();
        CommandLine line = MyelinCommand.commandLine();
        line.setOut(new PrintWriter(out));

        assertThat(line.execute("check", "-c", file.toString())).isEqualTo(1);

        List<String> messages = out.toString().lines().toList();
        assertThat(messages).isNotEmpty();
        assertThat(messages)
                .allSatisfy(message -> assertThat(message).matches(MESSAGE).startsWith(file + ":"));
        assertThat(messages).anyMatch(message -> message.contains("(expected: ") || message.contains("did you mean "));
    }

    @Test
    void filesThatCannotBeReadEndTheStart() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("tab.yaml"), "services:\n\tweb: {}\n");
        try (MyelinProcess unreadable = MyelinProcess.start("run", "-c", file.toString());
                MyelinProcess absent = MyelinProcess.start(
                        "run", "-c", directory.resolve("absent.yaml").toString())) {
            assertThat(unreadable.exitCode()).isEqualTo(78);
            assertThat(unreadable.errors()).contains("tab.yaml:2:1: not YAML");
            assertThat(absent.exitCode()).isEqualTo(78);
            assertThat(absent.errors()).contains("absent.yaml").doesNotContain("\tat ");
        }
    }

    private static JsonNode named(JsonNode services, String name) {
        for (JsonNode service : services) {
            if (service.path("name").asText().equals(name)) {
                return service;
            }
        }
        throw new AssertionError("no service " + name + " in " + services);
    }

    private static String get(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }

    /** Returns a service; the first one, named web, begins the file. */
    private String service(String name, int port) {
        String begin = name.equals("web") ? "services:\n" : "";
        return begin + "  %s:\n    port: %d\n    servers: [\"127.0.0.1:%d\"]\n".formatted(name, port, member.port());
    }
}
