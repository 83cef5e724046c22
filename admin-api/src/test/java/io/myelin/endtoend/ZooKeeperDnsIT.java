package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.NameServer;
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
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names announced in ZooKeeper, resolved by a name server, from the file to the client. */
@Timeout(60)
class ZooKeeperDnsIT {
    private static final String PATH = "/nerve/services/named";

    @TempDir
    Path directory;

    private final EmbeddedZooKeeper zookeeper = new EmbeddedZooKeeper();
    private final ZooKeeperProvider announcers = new ZooKeeperProvider(Duration.ofSeconds(5));
    private final NameServer names = new NameServer();
    private final LoopbackBackend backend = LoopbackBackend.answering("one");
    private final NerveRegistration announced = new NerveRegistration(
            announcers.ensembles(),
            zookeeper.connectString(),
            PATH,
            Endpoint.of("i-one", "web.test", backend.port()).withLabels(Map.of("zone", "east")));
    private final NerveRegistration elsewhere = new NerveRegistration(
            announcers.ensembles(), zookeeper.connectString(), PATH, Endpoint.of("i-two", "web.test", 9));

    @BeforeEach
    void announce() throws ExecutionException, InterruptedException, TimeoutException {
        zookeeper.start();
        announced.announce().toCompletableFuture().get(30, TimeUnit.SECONDS);
        elsewhere.announce().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAll() {
        announced.close();
        elsewhere.close();
        announcers.close();
        zookeeper.close();
        names.close();
        backend.close();
    }

    @Test
    void aNameInTheRegistryServesAtItsAddresses() throws IOException, InterruptedException, StartException {
        names.addresses("web.test", 0, "127.0.0.1");
        String yaml = """
                services:
                  web:
                    port: "127.0.0.1:0"
                    default_servers: [{name: d, host: default.test, port: %d, labels: {zone: east}}]
                    discovery:
                      method: zookeeper_dns
                      hosts: ["%s"]
                      path: %s
                      nameserver: "127.0.0.1:%d"
                      check_interval: 0.1
                      label_filters: [{label: zone, value: east, condition: equals}]
                """.formatted(backend.port(), zookeeper.connectString(), PATH, names.port());
        try (World world = World.from(directory, yaml)) {
            assertThat(awaitOnly(world, "i-one_127.0.0.1:" + backend.port())
                            .path("passedOver")
                            .findValuesAsText("name"))
                    .containsExactly("i-two");
            assertThat(body(world)).isEqualTo("one");

            names.addresses("web.test", 0, "127.0.0.1", "127.0.0.2");
            world.awaitEligible("web", 2);

            // Nobody but this test's name server knows the name of the default server.
            names.addresses("default.test", 0, "127.0.0.1");
            announced.close();
            elsewhere.close();
            awaitOnly(world, "d_127.0.0.1:" + backend.port());
            assertThat(body(world)).isEqualTo("one");
        }
    }

    /** Waits until the service has this member and no other. */
    private static JsonNode awaitOnly(World world, String id) {
        return world.await("web", id, found -> {
            JsonNode members = found.path("members");
            return members.size() == 1 && members.get(0).path("id").asText().equals(id);
        });
    }

    private static String body(World world) throws IOException {
        try (RawClient client = RawClient.to(world.port("web"))) {
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }
}
