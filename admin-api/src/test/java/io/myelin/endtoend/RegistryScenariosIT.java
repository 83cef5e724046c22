package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.Relay;
import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.discovery.zookeeper.Registry;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a SmartStack host meets in its registry: a real ZooKeeper server that keeps sessions for two seconds. */
@Timeout(120)
class RegistryScenariosIT {
    private static final int CLIENTS = 32;
    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final ZooKeeperProcess ZOOKEEPER = new ZooKeeperProcess("maxSessionTimeout=2000");

    @TempDir
    Path directory;

    private final String path = "/smartstack/services/s" + PATHS.incrementAndGet();
    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final LoopbackBackend three = LoopbackBackend.answering("three");
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
    void createParent() {
        registry.create(path);
    }

    @AfterEach
    void closeAll() {
        registry.close();
        List.of(one, two, three).forEach(LoopbackBackend::close);
    }

    @Test
    void scenario02TheCookbooksServiceSharesRequestsEvenlyOnceTheSecondInstanceRegisters()
            throws IOException, InterruptedException, StartException {
        register("i-a_0000000001", "i-a", one);
        try (World world =
                World.from(directory, yaml("web: {%s, haproxy: {%s}}".formatted(discovery(""), checked())))) {
            world.awaitEligible("web", 1);
            try (Load load = Load.on(world.port("web"), CLIENTS)) {
                Await.until("traffic flows", () -> load.requests() > CLIENTS);
                register("i-b_0000000002", "i-b", two);
                world.awaitEligible("web", 2);
                long first = answers(load, "one");
                long second = answers(load, "two");
                long begun = load.requests();
                Await.until("ten thousand requests more", () -> load.requests() > begun + 10_000);

                assertThat(load.stop()).isEmpty();
                double share = answers(load, "one") - first;
                double all = share + answers(load, "two") - second;
                assertThat(share / all).isBetween(0.48, 0.52);
            }
        }
    }

    @Test
    void scenario03DeregistrationLosesNoRequestAndNoSession() throws IOException, InterruptedException, StartException {
        register("i-a_0000000001", "i-a", one);
        String yaml = yaml("""
                web: {%s, haproxy: {port: 0, listen: [mode http]}}
                  raw: {%s, haproxy: {port: 0, listen: [mode tcp]}}
                """.formatted(discovery(""), discovery("")));
        try (World world = World.from(directory, yaml)) {
            world.awaitEligible("web", 1);
            world.awaitEligible("raw", 1);
            try (Load load = Load.on(world.port("web"), CLIENTS);
                    RawClient session = RawClient.to(world.port("raw"))) {
                assertThat(get(session)).isEqualTo("one");
                register("i-b_0000000002", "i-b", two);
                world.awaitEligible("web", 2);
                long before = answers(load, "two");
                Await.until("both serve", () -> answers(load, "two") > before);

                registry.delete(path + "/i-a_0000000001");
                world.awaitEligible("web", 1);
                world.awaitEligible("raw", 1);
                long begun = load.requests();
                Await.until("traffic goes on", () -> load.requests() > begun + 1_000);

                assertThat(load.stop()).isEmpty();
                assertThat(get(session)).isEqualTo("one");
            }
        }
    }

    @Test
    void scenario04AnotherRegistrationOfTheSameInstanceIsNoChange()
            throws IOException, InterruptedException, StartException {
        register("i-a_0000000001", "i-a", one);
        try (World world =
                World.from(directory, yaml("web: {%s, haproxy: {%s}}".formatted(discovery(""), checked())))) {
            world.await("web", "the check has passed", service -> transitions(service) == 1);
            try (RawClient client = RawClient.to(world.port("web"))) {
                assertThat(get(client)).isEqualTo("one");
                for (int sequence = 2; sequence < 12; sequence++) {
                    register("i-a_000000000" + sequence, "i-a", one);
                    registry.delete(path + "/i-a_000000000" + (sequence - 1));
                    assertThat(get(client)).isEqualTo("one");
                }
                register("i-b_0000000099", "i-b", two);
                world.await("web", "the other's check has passed", service -> transitions(service) == 2);
                world.awaitEligible("web", 2);
            }
        }
    }

    @Test
    void scenario05AnEmptyRegistryKeepsEmptiesOrFallsBackAsTheServiceSays()
            throws IOException, InterruptedException, StartException {
        register("i-a_0000000001", "i-a", one);
        String yaml = yaml("""
                keeps: {%1$s, haproxy: {port: 0, listen: [mode http]}}
                  empties: {%1$s, use_previous_backends: false, haproxy: {port: 0, listen: [mode http]}}
                  closes: {%1$s, use_previous_backends: false, haproxy: {port: 0, listen: [mode tcp]}}
                  falls: {%1$s, default_servers: ["127.0.0.1:%2$d"], haproxy: {port: 0, listen: [mode http]}}
                """.formatted(discovery(""), three.port()));
        try (World world = World.from(directory, yaml)) {
            List.of("keeps", "empties", "closes", "falls")
                    .forEach(service -> Await.until(
                            service + " serves", () -> answer(world, service).contains("one")));

            registry.delete(path + "/i-a_0000000001");

            Await.until("the pool is empty", () -> answer(world, "empties").startsWith("HTTP/1.1 503"));
            Await.until("connections are closed", () -> answer(world, "closes").isEmpty());
            Await.until("the default serves", () -> answer(world, "falls").contains("three"));
            assertThat(answer(world, "keeps")).contains("one");
        }
    }

    @Test
    void scenario06AfterAnOutageLongerThanTheSessionOnlyWhatChangedIsRead()
            throws IOException, InterruptedException, StartException {
        register("i-a_0000000001", "i-a", one);
        register("i-b_0000000002", "i-b", two);
        try (Relay relay = new Relay(ZOOKEEPER.connectString());
                World world = World.from(
                        directory,
                        yaml("web: {%s, haproxy: {port: 0, listen: [mode http]}}"
                                .formatted(discovery(""))
                                .replace(ZOOKEEPER.connectString(), relay.connectString())))) {
            world.awaitEligible("web", 2);
            double reads = world.admin().metrics().sum("myelin_zookeeper_data_reads_total");
            try (Load load = Load.on(world.port("web"), 4)) {
                relay.cut();
                registry.delete(path + "/i-b_0000000002");
                register("i-c_0000000003", "i-c", three);
                world.await(
                        "web",
                        "stale for longer than the session",
                        service -> service.path("source").path("state").asText().equals("stale")
                                && service.path("source").path("sinceSeconds").asDouble() > 3);
                assertThat(answers(load, "three")).isZero();

                relay.mend();
                Await.until("the new instance serves", () -> answers(load, "three") > 0);
                world.await(
                        "web",
                        "live again",
                        service -> service.path("source").path("state").asText().equals("live"));

                assertThat(load.stop()).isEmpty();
                assertThat(world.admin().metrics().sum("myelin_zookeeper_data_reads_total"))
                        .isEqualTo(reads + 1);
                world.awaitEligible("web", 2);
            }
        }
    }

    @Test
    void scenario18NamesThatHoldRegistrationsAreNotReadAndServerSetsAreUnderstood()
            throws IOException, InterruptedException, StartException {
        String json = Registry.json("i-a", one.port());
        String encoded = Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        registry.createWith(path + "/base64_" + encoded.length() + "_" + encoded + "_0000000003", "not read");
        String members = path + "-members";
        registry.create(members);
        registry.createWith(
                members + "/member_0000000001",
                "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":1},\"shard\":4,\"additionalEndpoints\":"
                        + "{\"http\":{\"host\":\"127.0.0.1\",\"port\":" + three.port() + "}}}");
        String yaml = yaml("""
                web: {%s, haproxy: {port: 0, listen: [mode http]}}
                  set: {%s, haproxy: {port: 0, listen: [mode http]}}
                """.formatted(
                discovery(""),
                discovery(", decode: {method: serverset, endpoint_name: http}").replace(path, members)));
        try (World world = World.from(directory, yaml)) {
            world.awaitEligible("web", 1);
            world.awaitEligible("set", 1);
            assertThat(answer(world, "web")).contains("one");
            assertThat(answer(world, "set")).contains("three");
            assertThat(world.service("set").path("members").path(0).path("name").asText())
                    .isEqualTo("4");
            assertThat(world.admin().metrics().sum("myelin_zookeeper_data_reads_total"))
                    .isEqualTo(1);

            registry.createWith(path + "/base64_9999_x_0000000004", Registry.json("i-b", two.port()));

            world.awaitEligible("web", 2);
            assertThat(world.admin().metrics().sum("myelin_zookeeper_data_reads_total"))
                    .isEqualTo(2);
        }
    }

    @Test
    void scenario19AMalformedChildHarmsOnlyItself() throws IOException, InterruptedException, StartException {
        register("i-a_0000000001", "i-a", one);
        registry.createWith(path + "/broken_0000000002", "{\"host\":");
        try (World world = World.from(
                directory, yaml("web: {%s, haproxy: {port: 0, listen: [mode http]}}".formatted(discovery(""))))) {
            world.awaitEligible("web", 1);
            registry.createWith(path + "/portless_0000000003", "{\"host\":\"127.0.0.1\"}");
            register("i-b_0000000004", "i-b", two);

            world.awaitEligible("web", 2);
            assertThat(answer(world, "web")).startsWith("HTTP/1.1 200");
            assertThat(world.admin().metrics().sum("myelin_zookeeper_malformed_total"))
                    .isEqualTo(2);
        }
    }

    private void register(String child, String name, LoopbackBackend backend) {
        registry.createWith(path + "/" + child, Registry.json(name, backend.port()));
    }

    private static long answers(Load load, String body) {
        return load.answers().getOrDefault(body, new AtomicLong()).get();
    }

    private static int transitions(JsonNode service) {
        return service.path("checks").path("transitions").asInt();
    }

    private static String get(RawClient client) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse().body();
    }

    /** Returns everything that a service says to one request, empty if it closes the connection. */
    private static String answer(World world, String service) {
        try (RawClient client = RawClient.to(world.port(service))) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
            RawClient.Response response = client.readResponse();
            return response.head() + response.body();
        } catch (IOException ignored) {
            // A closed connection is an answer too.
            return "";
        }
    }

    private String discovery(String more) {
        return "discovery: {method: zookeeper, hosts: \"%s\", path: %s%s}"
                .formatted(ZOOKEEPER.connectString(), path, more);
    }

    private static String checked() {
        return "port: 0, server_options: check inter 1s rise 1 fall 1,"
                + " listen: [mode http, option httpchk GET /ping, timeout check 20s]";
    }

    private static String yaml(String services) {
        return "services:\n  " + services + "\n";
    }
}
