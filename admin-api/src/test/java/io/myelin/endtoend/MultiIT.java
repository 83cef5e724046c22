package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.s3.StoreServer;
import io.myelin.discovery.testing.Relay;
import io.myelin.discovery.zookeeper.EmbeddedZooKeeper;
import io.myelin.discovery.zookeeper.NerveRegistration;
import io.myelin.discovery.zookeeper.ZooKeeperProvider;
import io.myelin.launcher.MyelinProcess;
import io.myelin.launcher.process.StartException;
import io.myelin.model.Endpoint;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services whose endpoints come from two registries, from the file to the client. */
@Timeout(90)
class MultiIT {
    private static final String PATH = "/nerve/services/multi";

    @TempDir
    Path directory;

    private final EmbeddedZooKeeper primary = new EmbeddedZooKeeper();
    private final Relay way = new Relay(primary.connectString());
    private final EmbeddedZooKeeper secondary = new EmbeddedZooKeeper();
    private final ZooKeeperProvider announcers = new ZooKeeperProvider(Duration.ofSeconds(5));
    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final NerveRegistration oneAnnounced = registration(primary, "i-one", one);
    private final NerveRegistration twoAnnounced = registration(secondary, "i-two", two);

    @BeforeEach
    void announce() throws ExecutionException, InterruptedException, TimeoutException {
        primary.start();
        secondary.start();
        announce(oneAnnounced);
        announce(twoAnnounced);
    }

    @AfterEach
    void closeAll() throws IOException {
        way.close();
        oneAnnounced.close();
        twoAnnounced.close();
        announcers.close();
        primary.close();
        secondary.close();
        List.of(one, two).forEach(LoopbackBackend::close);
    }

    @Test
    void scenario24TheSecondRegistryServesWhileTheFirstIsGone()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, synapse("method: fallback"))) {
            Await.until("the first serves", () -> getOrEmpty(world).equals("one"));

            long lostNanos = System.nanoTime();
            way.cut();
            Await.until("the second serves", () -> getOrEmpty(world).equals("two"));
            assertThat(Duration.ofNanos(System.nanoTime() - lostNanos)).isLessThan(Duration.ofSeconds(4));
            JsonNode parts = world.service("web").path("source").path("parts");
            assertThat(parts.findValuesAsText("name")).containsExactly("secondary", "primary");
            assertThat(parts.findValuesAsText("serving")).containsExactly("true", "false");
            assertThat(parts.get(1).path("source").path("state").asText()).isEqualTo("stale");

            way.mend();
            Await.until("the first serves again", () -> getOrEmpty(world).equals("one"));
        }
    }

    @Test
    void scenario24BothRegistriesServeTogetherAndAReloadChangesThat()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, synapse("method: union"))) {
            world.awaitEligible("web", 2);
            assertThat(List.of(get(world), get(world))).containsExactlyInAnyOrder("one", "two");

            world.reload(synapse("method: sequential, sequential_order: [secondary, primary]"));

            world.awaitEligible("web", 1);
            Await.until("the second alone serves", () -> getOrEmpty(world).equals("two"));
        }
    }

    @Test
    void scenario24AnObjectInS3SaysWhichRegistryServes() throws IOException {
        try (StoreServer store = new StoreServer()) {
            store.put("/toggles/web.yaml", "primary: 0\nsecondary: 1\n");
            String toggle = "method: s3_toggle, s3_url: 's3://toggles/web.yaml', s3_polling_interval_seconds: 0.3";
            Path file = Files.writeString(directory.resolve("toggle.yaml"), synapse(toggle));
            Map<String, String> environment = Map.of(
                    "MYELIN_ADMIN_ADDRESS",
                    "127.0.0.1:0",
                    "AWS_ENDPOINT_URL",
                    store.url(),
                    "AWS_REGION",
                    "eu-west-1",
                    "AWS_ACCESS_KEY_ID",
                    StoreServer.ACCESS_KEY,
                    "AWS_SECRET_ACCESS_KEY",
                    StoreServer.SECRET_KEY);
            try (MyelinProcess process = MyelinProcess.startWith(environment, "run", "-c", file.toString())) {
                String line = process.awaitLine(any -> any.startsWith("admin "));
                Admin admin = Admin.at(line.substring("admin ".length()));
                admin.await(
                        "/api/v1/services/web",
                        "the second serves",
                        web -> serving(web).equals("secondary"));

                store.put("/toggles/web.yaml", "primary: 1\nsecondary: 0\n");
                JsonNode web = admin.await(
                        "/api/v1/services/web",
                        "the first serves",
                        any -> serving(any).equals("primary"));
                assertThat(web.path("source").path("source").asText()).isEqualTo("s3_toggle of secondary, primary");
                assertThat(store.requests()).contains("eu-west-1 /toggles/web.yaml");
            }
        }
    }

    private static String serving(JsonNode web) {
        for (JsonNode part : web.path("source").path("parts")) {
            if (part.path("serving").asBoolean()) {
                return part.path("name").asText();
            }
        }
        return "";
    }

    private static String getOrEmpty(World world) {
        try {
            return get(world);
        } catch (IOException e) {
            return "";
        }
    }

    private static String get(World world) throws IOException {
        try (RawClient client = RawClient.to(world.port("web"))) {
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }

    private NerveRegistration registration(EmbeddedZooKeeper zookeeper, String name, LoopbackBackend backend) {
        return new NerveRegistration(
                announcers.ensembles(),
                zookeeper.connectString(),
                PATH,
                Endpoint.of(name, "127.0.0.1", backend.port()));
    }

    private static void announce(NerveRegistration registration)
            throws ExecutionException, InterruptedException, TimeoutException {
        registration.announce().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String synapse(String resolver) {
        return """
                services:
                  web:
                    discovery: {method: zookeeper, hosts: ["%s"], path: %s}
                    discovery_multi:
                      resolver: {%s}
                      watchers:
                        secondary: {method: zookeeper, hosts: ["%s"], path: %s}
                    haproxy: {port: 0, listen: [mode http]}
                """.formatted(way.connectString(), PATH, resolver, secondary.connectString(), PATH);
    }
}
