package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.zookeeper.EmbeddedZooKeeper;
import io.myelin.discovery.zookeeper.NerveRegistration;
import io.myelin.discovery.zookeeper.ZooKeeperProvider;
import io.myelin.launcher.process.StartException;
import io.myelin.model.Endpoint;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a service makes of the endpoints that its registry names, from the file to the client. */
@Timeout(60)
class MergeRulesIT {
    private static final EmbeddedZooKeeper ZOOKEEPER = new EmbeddedZooKeeper();
    private static final AtomicInteger PATHS = new AtomicInteger();

    @TempDir
    Path directory;

    private final String path = "/nerve/services/rules" + PATHS.incrementAndGet();
    private final ZooKeeperProvider announcers = new ZooKeeperProvider(Duration.ofSeconds(5));
    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final LoopbackBackend spare = LoopbackBackend.answering("spare");
    private final Endpoint first = endpoint("i-one", one);
    private final Endpoint second = endpoint("i-two", two);
    private final NerveRegistration firstAnnounced = registration(first);
    private final NerveRegistration secondAnnounced = registration(second);

    @BeforeAll
    static void startZooKeeper() {
        ZOOKEEPER.start();
    }

    @AfterAll
    static void stopZooKeeper() {
        ZOOKEEPER.close();
    }

    @AfterEach
    void closeAll() {
        firstAnnounced.close();
        secondAnnounced.close();
        announcers.close();
        List.of(one, two, spare).forEach(LoopbackBackend::close);
    }

    @Test
    void scenario08AFilterThatNobodyPassesEmptiesThePool()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        announce(firstAnnounced, first.withLabels(Map.of("habitat:x", "")));
        announce(secondAnnounced, second);
        String filter = "{label: 'habitat:x', value: '', condition: equals}";
        try (World world = World.from(directory, yaml(", label_filters: [" + filter + "]", spare()))) {
            world.awaitEligible("web", 1);
            assertThat(get(world)).isEqualTo("one");
            JsonNode passedOver = world.service("web").path("passedOver");
            assertThat(passedOver.findValuesAsText("name")).containsExactly("i-two");
            assertThat(passedOver.get(0).path("reason").asText())
                    .isEqualTo("label habitat:x is not there (wanted: ``)");

            announce(firstAnnounced, first);

            world.awaitEligible("web", 0);
            assertThat(get(world)).contains("no_member");
            assertThat(world.service("web").path("passedOver")).hasSize(2);
        }
    }

    @Test
    void theLeaderTakesEverythingUntilItLeaves()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        announce(secondAnnounced, second);
        announce(firstAnnounced, first);
        try (World world = World.from(directory, yaml("", "leader_election: true"))) {
            world.await(
                    "web", "one is passed over", web -> web.path("passedOver").size() == 1);
            assertThat(List.of(get(world), get(world))).containsOnly("two");

            withdraw(secondAnnounced);

            world.await(
                    "web",
                    "nobody is passed over",
                    web -> web.path("passedOver").isEmpty());
            assertThat(get(world)).isEqualTo("one");
        }
    }

    @Test
    void anEmptiedRegistryLeavesWhatTheServiceSays()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        announce(firstAnnounced, first);
        try (World world = World.from(directory, yaml("", ""))) {
            world.awaitEligible("web", 1);
            withdraw(firstAnnounced);
            assertThat(get(world)).isEqualTo("one");

            world.reload(yaml("", "use_previous_backends: false"));
            world.awaitEligible("web", 0);
            assertThat(get(world)).contains("no_member");

            world.reload(yaml("", spare()));
            world.awaitEligible("web", 1);
            assertThat(get(world)).isEqualTo("spare");
        }
    }

    @Test
    void aPortMayBeANumberOfPortsAboveTheRegisteredOne()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        announce(firstAnnounced, first.withPort(one.port() - 1));
        try (World world = World.from(directory, yaml("", "backend_port_override: +1"))) {
            world.awaitEligible("web", 1);
            assertThat(get(world)).isEqualTo("one");
        }
    }

    @Test
    void copiesFollowTheRegistryEachForItself()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        announce(firstAnnounced, first);
        try (World world = World.from(directory, yaml("", "load_test_concurrency: 3"))) {
            for (int copy = 0; copy < 3; copy++) {
                world.awaitEligible("web_" + copy, 1);
            }
            assertThat(get(world.port("web_0"))).isEqualTo("one");
            assertThat(world.admin().json("/api/v1/services").findValuesAsText("source"))
                    .hasSizeGreaterThanOrEqualTo(3);
            assertThat(world.admin().get("/api/v1/services/web").statusCode()).isEqualTo(404);
        }
    }

    private String spare() {
        return "default_servers: [{name: spare, host: 127.0.0.1, port: " + spare.port() + "}]";
    }

    private static String get(World world) throws IOException {
        return get(world.port("web"));
    }

    private static String get(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }

    private static Endpoint endpoint(String name, LoopbackBackend backend) {
        return Endpoint.of(name, "127.0.0.1", backend.port());
    }

    private NerveRegistration registration(Endpoint endpoint) {
        return new NerveRegistration(announcers.ensembles(), ZOOKEEPER.connectString(), path, endpoint);
    }

    private static void announce(NerveRegistration registration, Endpoint endpoint)
            throws ExecutionException, InterruptedException, TimeoutException {
        registration.announce(endpoint).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void withdraw(NerveRegistration registration)
            throws ExecutionException, InterruptedException, TimeoutException {
        registration.withdraw().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String yaml(String discovery, String more) {
        return """
                services:
                  web:
                    discovery: {method: zookeeper, hosts: ["%s"], path: %s%s}
                    port: "127.0.0.1:0"
                    %s
                """.formatted(ZOOKEEPER.connectString(), path, discovery, more);
    }
}
