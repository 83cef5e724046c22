package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.testing.Relay;
import io.myelin.discovery.zookeeper.EmbeddedZooKeeper;
import io.myelin.discovery.zookeeper.Registry;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenario 17: a service whose configuration is in ZooKeeper, over what the file says of it. */
@Timeout(60)
class RegistryConfigIT {
    private static final EmbeddedZooKeeper ZOOKEEPER = new EmbeddedZooKeeper();
    private static final AtomicInteger PATHS = new AtomicInteger();

    @TempDir
    Path directory;

    private final String path = "/nerve/services/configured" + PATHS.incrementAndGet();
    private final LoopbackBackend backend = LoopbackBackend.answering("one");
    private final Registry registry = new Registry(ZOOKEEPER.connectString());

    @BeforeAll
    static void startZooKeeper() {
        ZOOKEEPER.start();
    }

    @AfterAll
    static void stopZooKeeper() {
        ZOOKEEPER.close();
    }

    @BeforeEach
    void register() {
        registry.create(path);
        registry.register(path, "i-one", backend.port());
    }

    @AfterEach
    void closeAll() {
        registry.close();
        backend.close();
    }

    @Test
    void scenario17TheListenerMovesAndWhatCannotBeUsedChangesNothing()
            throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(3);
        int first = ports.get(0);
        int second = ports.get(1);
        int other = ports.get(2);
        String yaml = yaml("", other);
        registry.edit(path, haproxy(first));
        try (World world = World.from(directory, yaml)) {
            awaitListening(world, first);
            assertThat(get(first)).isEqualTo("one");

            registry.edit(path, "{\"haproxy\":{\"port\":");
            awaitRefused(world, 1, "registry configuration of web:1:");
            registry.edit(path, "{\"lighttpd\":{\"port\":1}}");
            awaitRefused(world, 2, "services.web.lighttpd: unknown section (expected: one of haproxy, file_output");
            registry.edit(path, "{\"haproxy\":{\"prot\":1}}");
            awaitRefused(world, 3, "services.web.haproxy.prot: unknown key, did you mean port?");
            registry.edit(path, haproxy(other));
            awaitRefused(world, 4, " is taken by ");
            assertThat(get(first)).isEqualTo("one");
            assertThat(get(other)).isEqualTo("one");

            registry.edit(path, haproxy(second));
            awaitListening(world, second);
            Await.until("the old port is closed", () -> Ports.refused(first));
            assertThat(get(second)).isEqualTo("one");
            // The listener moves first, and what is said of the configuration is the last that changes.
            world.await(
                    "web",
                    "its problem is gone",
                    service -> service.path("problems").isEmpty());
            assertThat(world.admin().metrics().sum("myelin_registry_configs_taken_total"))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatTheRegistrySaysSurvivesAReloadAndWhatItDoesNotSayIsTheFiles()
            throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(3);
        int port = ports.get(0);
        try (World world = World.from(directory, yaml("", ports.get(2)))) {
            registry.edit(path, haproxy(port));
            awaitListening(world, port);

            world.reload(yaml("option redispatch", ports.get(2)));
            assertThat(world.port("web")).isEqualTo(port);
            assertThat(get(port)).isEqualTo("one");

            registry.edit(path, "");
            Await.until(
                    "the file's port is used again",
                    () -> world.listeners().stream()
                            .anyMatch(status -> status.listener().equals("web")
                                    && status.listening()
                                    && status.boundPort() != port));
            assertThat(get(world.port("web"))).isEqualTo("one");
        }
    }

    @Test
    void aRestartWhileTheRegistryIsGoneHasItsConfigurationToo()
            throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(2);
        int port = ports.get(0);
        Path state = directory.resolve("state.json");
        try (Relay way = new Relay(ZOOKEEPER.connectString())) {
            String yaml = "state_file: {path: " + state + ", interval: 50ms}\n"
                    + yaml("", ports.get(1)).replace(ZOOKEEPER.connectString(), way.connectString());
            registry.edit(path, haproxy(port));
            try (World world = World.from(directory, yaml)) {
                awaitListening(world, port);
                Await.until("it is written down", () -> says(state, "maxconn 7"));
            }
            // Event loops end after the process that they belonged to, and the next one wants the port.
            Await.until("the port is free again", () -> Ports.refused(port));
            way.cut();
            try (World world = World.from(directory, yaml)) {
                assertThat(get(port)).isEqualTo("one");
                assertThat(world.admin().metrics().sum("myelin_state_file_failures_total"))
                        .isZero();
                way.mend();
                registry.edit(path, "{\"haproxy\":{\"disabled\":true}}");
                Await.until("nobody listens", () -> Ports.refused(port));
                Await.until("that is written down", () -> says(state, "disabled"));
            }
            way.cut();
            try (World world = World.from(directory, yaml)) {
                assertThat(Ports.refused(port)).isTrue();
                way.mend();
                registry.edit(path, haproxy(port));
                awaitListening(world, port);
            }
        }
    }

    @Test
    void anAddressThatAClientLeftOnTheZnodeIsNoConfiguration()
            throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(2);
        registry.edit(path, "127.0.0.1");
        try (World world = World.from(directory, yaml("", ports.get(1)))) {
            world.awaitEligible("web", 1);
            assertThat(get(world.port("web"))).isEqualTo("one");

            registry.edit(path, haproxy(ports.get(0)));
            awaitListening(world, ports.get(0));
            registry.edit(path, "10.0.0.7");
            registry.edit(path, "{\"haproxy\":");
            awaitRefused(world, 1, "registry configuration of web:1:");
            assertThat(get(ports.get(0))).isEqualTo("one");
        }
    }

    @Test
    void theRegistryMaySwitchAServiceOffAndOnAgain() throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(2);
        int port = ports.get(0);
        try (World world = World.from(directory, yaml("", ports.get(1)))) {
            registry.edit(path, haproxy(port));
            awaitListening(world, port);

            registry.edit(path, "{\"haproxy\":{\"disabled\":true}}");
            Await.until("nobody listens", () -> Ports.refused(port));
            registry.edit(path, haproxy(port));

            awaitListening(world, port);
            assertThat(get(port)).isEqualTo("one");
        }
    }

    @Test
    void scenario17AConfigurationThatIsDisabledIsIgnored() throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(2);
        registry.edit(path, haproxy(ports.get(0)));
        String yaml =
                yaml("", ports.get(1)).replace("path: " + path, "path: " + path + ", generator_config_path: disabled");
        try (World world = World.from(directory, yaml)) {
            world.awaitEligible("web", 1);

            assertThat(world.port("web")).isNotEqualTo(ports.get(0));
            assertThat(world.admin().metrics().sum("myelin_registry_configs_taken_total"))
                    .isZero();
            assertThat(world.admin().metrics().sum("myelin_zookeeper_config_reads_total"))
                    .isZero();
        }
    }

    private static boolean says(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitRefused(World world, int refused, String reason) {
        world.await(
                "web",
                "the problem is shown: " + reason,
                service -> service.path("problems").path(0).asText().contains(reason));
        assertThat(world.admin().metrics().sum("myelin_registry_configs_refused_total"))
                .isEqualTo(refused);
    }

    private static void awaitListening(World world, int port) {
        Await.until(
                "web listens on " + port,
                () -> world.listeners().stream()
                        .anyMatch(status ->
                                status.listener().equals("web") && status.listening() && status.boundPort() == port));
        world.awaitEligible("web", 1);
    }

    private static String get(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }

    private static String haproxy(int port) {
        return "{\"haproxy\":{\"port\":\"" + port + "\",\"listen\":[\"mode http\"],\"server_options\":\"maxconn 7\"}}";
    }

    private String yaml(String line, int other) {
        return """
                services:
                  web:
                    discovery: {method: zookeeper, hosts: "%s", path: %s}
                    haproxy:
                      port: 0
                      listen: ["mode http", "%s"]
                  other:
                    default_servers: ["127.0.0.1:%d"]
                    haproxy: {port: %d, listen: mode http}
                """.formatted(ZOOKEEPER.connectString(), path, line, backend.port(), other);
    }
}
