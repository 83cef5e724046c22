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
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios 14 and 15: what instances say of themselves where they are registered. */
@Timeout(60)
class RegisteredOptionsIT {
    private static final String PATH = "/nerve/services/web";

    @TempDir
    Path directory;

    private final EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper();
    private final ZooKeeperProvider announcers = new ZooKeeperProvider(Duration.ofSeconds(5));
    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");

    @BeforeEach
    void start() {
        zooKeeper.start();
    }

    @AfterEach
    void close() {
        announcers.close();
        zooKeeper.close();
        List.of(one, two).forEach(LoopbackBackend::close);
    }

    @Test
    void scenario14WeightsOfTheRegistryCountIfTheyAreToBeUsed()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        Endpoint light = endpoint("light", one).withWeight(10);
        try (NerveRegistration lightAnnounced = announced(light);
                NerveRegistration heavyAnnounced =
                        announced(endpoint("heavy", two).withWeight(20));
                World world = World.from(directory, yaml("use_nerve_weights: true"))) {
            assertThat(heavyAnnounced).isNotNull();
            world.awaitEligible("web", 2);
            Map<String, Integer> answers = answers(world, 300);
            assertThat(answers.get("one")).isBetween(95, 105);
            assertThat(answers.get("two")).isBetween(195, 205);

            String cookie = "";
            long startNanos = System.nanoTime();
            while (cookie.isEmpty()) {
                assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
                Response response = get(world, "");
                cookie = response.body().equals("one")
                        ? response.header("Set-Cookie").replaceFirst(";.*", "")
                        : "";
            }
            lightAnnounced.announce(light.withWeight(0)).toCompletableFuture().get(30, TimeUnit.SECONDS);
            world.awaitEligible("web", 1);
            assertThat(answers(world, 20)).containsOnlyKeys("two");
            assertThat(get(world, cookie).body()).isEqualTo("one");

            world.reload(yaml(""));
            world.awaitEligible("web", 2);
            Map<String, Integer> even = answers(world, 20);
            assertThat(even).containsEntry("one", 10).containsEntry("two", 10);
        }
    }

    @Test
    void scenario15OptionsOfAnInstanceCount()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, StartException {
        Endpoint first = endpoint("first", one).withOptions("weight 50 maxconn 5");
        try (NerveRegistration firstAnnounced = announced(first);
                NerveRegistration spareAnnounced =
                        announced(endpoint("spare", two).withOptions("id 12 backup"));
                World world = World.from(directory, yaml(""))) {
            assertThat(spareAnnounced).isNotNull();
            JsonNode service = world.await(
                    "web", "both are there", any -> any.path("members").size() == 2);
            assertThat(answers(world, 10)).containsOnlyKeys("one");
            JsonNode member = named(service, "first");
            assertThat(member.path("weight").asInt()).isEqualTo(50);
            assertThat(member.path("slots").path("limit").asInt()).isEqualTo(5);
            assertThat(member.path("number").asInt()).isEqualTo(1);
            JsonNode spare = named(service, "spare");
            assertThat(spare.path("backup").asBoolean()).isTrue();
            assertThat(spare.path("number").asInt()).isEqualTo(12);

            firstAnnounced
                    .announce(first.withOptions("disabled"))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            world.await("web", "the backup serves", any -> get(world, "").body().equals("two"));
            assertThat(answers(world, 10)).containsOnlyKeys("two");
        }
    }

    private static JsonNode named(JsonNode service, String name) {
        return StreamSupport.stream(service.path("members").spliterator(), false)
                .filter(member -> member.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Integer> answers(World world, int requests) {
        Map<String, Integer> answers = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            answers.merge(get(world, "").body(), 1, Integer::sum);
        }
        return answers;
    }

    private static Response get(World world, String cookie) {
        try (RawClient client = RawClient.to(world.port("web"))) {
            String line = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n" + line + "\r\n")
                    .readResponse();
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static Endpoint endpoint(String name, LoopbackBackend backend) {
        return Endpoint.of(name, "127.0.0.1", backend.port());
    }

    private NerveRegistration announced(Endpoint endpoint)
            throws ExecutionException, InterruptedException, TimeoutException {
        NerveRegistration registration =
                new NerveRegistration(announcers.ensembles(), zooKeeper.connectString(), PATH, endpoint);
        registration.announce().toCompletableFuture().get(30, TimeUnit.SECONDS);
        return registration;
    }

    private String yaml(String top) {
        return """
                services:
                  web:
                    discovery: {method: zookeeper, hosts: ["%s"], path: %s}
                    haproxy:
                      port: 0
                      listen: [mode http, cookie SRVID insert indirect nocache]
                haproxy: {%s}
                """.formatted(zooKeeper.connectString(), PATH, top);
    }
}
