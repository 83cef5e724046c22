package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.discovery.zookeeper.NerveRegistration;
import io.myelin.discovery.zookeeper.ZooKeeperProvider;
import io.myelin.launcher.process.StartException;
import io.myelin.model.Endpoint;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenario 7: a restart while the registry is gone, with the pools that the state file remembers. */
@Timeout(120)
class RestartDuringOutageIT {
    private static final String PATH = "/nerve/services/web";

    @TempDir
    Path directory;

    @Test
    void scenario07LastKnownPoolsServeAtOnceUntilTheRegistryIsBack()
            throws IOException, InterruptedException, StartException, ExecutionException, TimeoutException {
        try (ZooKeeperProcess registry = new ZooKeeperProcess();
                ZooKeeperProvider announcers = new ZooKeeperProvider(Duration.ofSeconds(5));
                LoopbackBackend one = LoopbackBackend.answering("one");
                LoopbackBackend two = LoopbackBackend.answering("two")) {
            registry.start();
            Files.writeString(
                    directory.resolve("listed.json"), "[{\"host\": \"127.0.0.1\", \"port\": 9, \"name\": \"listed\"}]");
            try (NerveRegistration first = announce(registry, announcers, "i-one", one);
                    NerveRegistration second = announce(registry, announcers, "i-two", two)) {
                try (World world = World.from(directory, yaml(registry))) {
                    world.awaitEligible("web", 2);
                    world.awaitEligible("both", 3);
                    Await.until(
                            "all are remembered",
                            () -> state().matches("(?s).*\"both\":\\{[^}]*.*listed_.*")
                                    && state().contains("i-one_")
                                    && state().contains("i-two_"));
                    Await.until("both are written", () -> read("files/web.json").contains("i-two"));
                    assertThat(read("files/web.json")).contains("i-one");
                }
                registry.kill();
                try (World world = World.from(directory, yaml(registry));
                        RawClient client = RawClient.to(world.port("web"))) {
                    assertThat(answers(client)).containsExactlyInAnyOrder("one", "two");
                    world.await(
                            "both",
                            "the source that can be asked is used",
                            service -> service.path("source")
                                            .path("state")
                                            .asText()
                                            .equals("stale")
                                    && service.path("source")
                                            .path("source")
                                            .asText()
                                            .startsWith("union"));
                    world.awaitEligible("both", 3);
                    assertThat(world.admin().get("/ready").statusCode()).isEqualTo(200);
                    JsonNode source = world.service("web").path("source");
                    assertThat(source.path("state").asText()).isEqualTo("stale");
                    assertThat(source.path("source").asText())
                            .contains("state file " + directory.resolve("state.json"));
                    assertThat(source.path("syncedAt").asText()).isNotEmpty();
                    world.reload(yaml(registry).replace("  web:\n", "  web:\n    balance: leastconn\n"));
                    assertThat(answers(client)).containsExactlyInAnyOrder("one", "two");

                    registry.start();
                    second.withdraw().toCompletableFuture().get(30, TimeUnit.SECONDS);
                    world.awaitEligible("web", 1);
                    world.await(
                            "web",
                            "the registry is back",
                            service -> service.path("source")
                                    .path("state")
                                    .asText()
                                    .equals("live"));
                    assertThat(answers(client)).containsExactly("one");
                    assertThat(first).isNotNull();
                }
            }
        }
    }

    private String state() {
        return read("state.json");
    }

    private String read(String name) {
        try {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NerveRegistration announce(
            ZooKeeperProcess registry, ZooKeeperProvider announcers, String name, LoopbackBackend backend)
            throws ExecutionException, InterruptedException, TimeoutException {
        NerveRegistration registration = new NerveRegistration(
                announcers.ensembles(), registry.connectString(), PATH, Endpoint.of(name, "127.0.0.1", backend.port()));
        registration.announce().toCompletableFuture().get(30, TimeUnit.SECONDS);
        return registration;
    }

    private static Set<String> answers(RawClient client) throws IOException {
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            bodies.add(client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse()
                    .body());
        }
        return bodies;
    }

    private String yaml(ZooKeeperProcess registry) {
        return """
                state_file: {path: %1$s}
                file_output: {output_directory: %2$s}
                services:
                  web:
                    port: "127.0.0.1:0"
                    discovery: {method: zookeeper, hosts: ["%3$s"], path: %4$s}
                  both:
                    port: "127.0.0.1:0"
                    discovery: {method: zookeeper, hosts: ["%3$s"], path: %4$s}
                    discovery_multi:
                      watchers: {listed: {method: file, path: %5$s}}
                      resolver: {method: union}
                """.formatted(
                        directory.resolve("state.json"),
                        directory.resolve("files"),
                        registry.connectString(),
                        PATH,
                        directory.resolve("listed.json"));
    }
}
