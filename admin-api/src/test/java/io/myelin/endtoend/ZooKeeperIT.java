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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service announced in a real ZooKeeper server outside the process, as Nerve announces it. */
@Timeout(120)
class ZooKeeperIT {
    private static final int CONNECTIONS = 64;
    private static final AtomicInteger PATHS = new AtomicInteger();
    /*
     * A client that knocks while its server comes up is now and then not heard, and knocks again when its session has
     * timed out.
     */
    private static final ZooKeeperProcess ZOOKEEPER = new ZooKeeperProcess("maxSessionTimeout=6000");

    @TempDir
    Path directory;

    private final String path = "/nerve/services/web" + PATHS.incrementAndGet();
    private final ZooKeeperProvider announcers = new ZooKeeperProvider(Duration.ofSeconds(5));
    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final LoopbackBackend three = LoopbackBackend.answering("three");
    private final NerveRegistration oneAnnounced = registration("i-one", one);
    private final NerveRegistration twoAnnounced = registration("i-two", two);
    private final NerveRegistration threeAnnounced = registration("i-three", three);

    @BeforeAll
    static void startZooKeeper() {
        ZOOKEEPER.start();
    }

    @AfterAll
    static void stopZooKeeper() {
        ZOOKEEPER.close();
    }

    @BeforeEach
    void announce() throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        announce(oneAnnounced);
        announce(twoAnnounced);
        announce(threeAnnounced);
    }

    @AfterEach
    void closeAll() {
        List.of(oneAnnounced, twoAnnounced, threeAnnounced).forEach(NerveRegistration::close);
        announcers.close();
        List.of(one, two, three).forEach(LoopbackBackend::close);
    }

    @Test
    void requestsReachEveryAnnouncedEndpointInTurn()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        try (World world = World.from(directory, yaml(""));
                Load load = Load.on(awaitPort(world, 3), 1)) {
            Await.until("thirty requests are answered", () -> load.requests() >= 30);
            assertThat(load.stop()).isEmpty();
            assertThat(load.answers().keySet()).containsExactlyInAnyOrder("one", "two", "three");
            long least = load.answers().values().stream()
                    .mapToLong(AtomicLong::get)
                    .min()
                    .orElse(0);
            long most = load.answers().values().stream()
                    .mapToLong(AtomicLong::get)
                    .max()
                    .orElse(0);
            assertThat(most - least).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void twoHundredSwapsUnderLoadLoseNoRequest()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        try (World world = World.from(directory, yaml(""));
                Load load = Load.on(awaitPort(world, 3), CONNECTIONS)) {
            for (int swap = 0; swap < 100; swap++) {
                threeAnnounced.withdraw().toCompletableFuture().get(10, TimeUnit.SECONDS);
                world.awaitEligible("web", 2);
                announce(threeAnnounced);
                world.awaitEligible("web", 3);
            }

            assertThat(load.stop()).isEmpty();
            assertThat(load.requests()).isGreaterThan(CONNECTIONS);
            JsonNode service = world.service("web");
            assertThat(service.path("snapshot").path("version").asLong()).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void anOutageLosesNoRequestAndIsCaughtUpWithOnItsEnd()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        try (World world = World.from(directory, yaml(""));
                Load load = Load.on(awaitPort(world, 3), 8)) {
            ZOOKEEPER.kill();
            JsonNode stale = world.await(
                    "web", "the source is stale", service -> state(service).equals("stale"));
            assertThat(stale.path("source").path("since").asText()).isNotEmpty();
            long before = load.requests();
            Await.until("traffic goes on", () -> load.requests() > before + 1_000);

            ZOOKEEPER.start();
            threeAnnounced.withdraw().toCompletableFuture().get(30, TimeUnit.SECONDS);
            world.await("web", "the source is live", service -> state(service).equals("live"));
            world.awaitEligible("web", 2);
            assertThat(load.stop()).isEmpty();
        } finally {
            announce(threeAnnounced);
        }
    }

    @Test
    void registeringAgainIsInvisibleToTraffic()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        try (World world = World.from(directory, yaml(""));
                RawClient client = RawClient.to(awaitPort(world, 3))) {
            List.of(twoAnnounced, threeAnnounced).forEach(NerveRegistration::withdraw);
            world.awaitEligible("web", 1);
            assertThat(get(client)).isEqualTo("one");
            int connections = one.connections();
            for (int again = 0; again < 5; again++) {
                oneAnnounced.withdraw().toCompletableFuture().get(10, TimeUnit.SECONDS);
                announce(oneAnnounced);
                assertThat(get(client)).isEqualTo("one");
            }

            assertThat(get(client)).isEqualTo("one");
            assertThat(one.connections()).isEqualTo(connections);
        }
    }

    @Test
    void aChangeReachesTrafficInWellUnderASecond()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        try (World world = World.from(directory, yaml(""))) {
            List<Duration> taken = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                awaitPort(world, 3);
                long startNanos = System.nanoTime();
                threeAnnounced.withdraw();
                world.awaitEligible("web", 2);
                taken.add(Duration.ofNanos(System.nanoTime() - startNanos));
                announce(threeAnnounced);
            }
            taken.sort(Comparator.naturalOrder());

            assertThat(taken.get(2)).as("the median of %s", taken).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static String state(JsonNode service) {
        return service.path("source").path("state").asText();
    }

    private static String get(RawClient client) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse().body();
    }

    private static int awaitPort(World world, int eligible) {
        world.awaitEligible("web", eligible);
        return world.port("web");
    }

    private NerveRegistration registration(String name, LoopbackBackend backend) {
        return new NerveRegistration(
                announcers.ensembles(),
                ZOOKEEPER.connectString(),
                path,
                Endpoint.of(name, "127.0.0.1", backend.port()));
    }

    private static void announce(NerveRegistration registration)
            throws ExecutionException, InterruptedException, TimeoutException {
        registration.announce().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String yaml(String more) {
        return """
                services:
                  web:
                    discovery:
                      method: zookeeper
                      hosts: ["%s"]
                      path: %s
                    haproxy:
                      port: "0"
                      listen:
                        - mode http
                        - option redispatch
                %s
                """.formatted(ZOOKEEPER.connectString(), path, more);
    }
}
