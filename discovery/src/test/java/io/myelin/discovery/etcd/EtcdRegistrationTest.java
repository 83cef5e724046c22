package io.myelin.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.etcd.EtcdReporterConfig.Api;
import io.myelin.model.Endpoint;
import io.myelin.testing.Await;
import io.myelin.testing.ServerProgram;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against etcd itself, with the keys API of version 2 switched on and off. */
@Timeout(60)
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtcdRegistrationTest {
    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final Endpoint ENDPOINT =
            Endpoint.of("i 1", "10.0.0.1", 80).withWeight(5).withLabels(Map.of("zone", "a&b"));
    private static final String JSON =
            "{\"host\":\"10.0.0.1\",\"port\":80,\"name\":\"i 1\",\"weight\":5,\"labels\":{\"zone\":\"a&b\"}}";
    private static final Duration TTL = Duration.ofSeconds(1);

    private final int port = ServerProgram.freePort();
    private final int plainPort = ServerProgram.freePort();
    private final EtcdRegistrar registrar = new EtcdRegistrar();
    private final List<Registration> opened = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<ServerProgram> servers = new ArrayList<>();
    private final EtcdClient client = new EtcdClient(HttpClient.newHttpClient(), List.of("127.0.0.1:" + port));
    private final EtcdClient plain = new EtcdClient(HttpClient.newHttpClient(), List.of("127.0.0.1:" + plainPort));
    private String path = "";

    @BeforeAll
    void startServers(@TempDir Path directory) {
        String program = ServerProgram.require("etcd", "etcd-server");
        servers.add(start(program, directory.resolve("both"), port, true));
        servers.add(start(program, directory.resolve("plain"), plainPort, false));
        servers.get(0).awaitPort(port);
        servers.get(1).awaitPort(plainPort);
    }

    @AfterAll
    void stopServers() {
        registrar.close();
        servers.forEach(ServerProgram::close);
    }

    @AfterEach
    void close() {
        opened.forEach(Registration::close);
        opened.clear();
        events.clear();
    }

    @ParameterizedTest
    @EnumSource(
            value = Api.class,
            names = {"V2", "V3"})
    void announcesRewritesAndWithdraws(Api api) {
        Registration registration = open(port, api, Duration.ofSeconds(30));
        String key = await(registration.announce(ENDPOINT));
        assertThat(key).startsWith(path + "/i 1/");
        assertThat(values(api)).containsExactly(JSON);

        assertThat(await(registration.announce(ENDPOINT.withWeight(0)))).isEqualTo(key);
        assertThat(values(api)).containsExactly(JSON.replace("\"weight\":5", "\"weight\":0"));

        await(registration.withdraw());
        assertThat(values(api)).isEmpty();
        assertThat(events).endsWith("withdrawn");
    }

    /** In both versions of the API at once, because times to live are whole seconds. */
    @Test
    void aKeyIsRenewedWhileItIsWantedAndEndsWithTheProcess() {
        Registration first = open(port, Api.V2, TTL);
        String inV2 = path;
        await(first.announce(ENDPOINT));
        Registration second = open(port, Api.V3, TTL);
        String inV3 = path;
        await(second.announce(ENDPOINT));
        Await.until(
                "both were renewed beyond their first time to live",
                () -> announcements(inV2) >= 6 && announcements(inV3) >= 6);
        assertThat(values(Api.V2, inV2)).containsExactly(JSON);
        assertThat(values(Api.V3, inV3)).containsExactly(JSON);

        first.close();
        second.close();

        Await.until(
                "both keys have ended",
                () -> values(Api.V2, inV2).isEmpty() && values(Api.V3, inV3).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Api.class,
            names = {"V2", "V3"})
    void aKeyThatSomebodyDeletesComesBack(Api api) {
        Registration registration = open(port, api, TTL);
        String key = await(registration.announce(ENDPOINT));
        if (api == Api.V2) {
            client.delete("/v2/keys" + key.replace(" ", "%20")).join();
        } else {
            String lease = Long.toString(Long.parseLong(key.substring(key.lastIndexOf('/') + 1), 16));
            client.json(
                            "/v3/lease/revoke",
                            JsonNodeFactory.instance.objectNode().put("ID", lease))
                    .join();
        }

        Await.until(
                "another key",
                () -> values(api).equals(List.of(JSON))
                        && !events.get(events.size() - 1).equals("announced " + key));
    }

    @Test
    void choosesTheApiThatNerveSpeaksWhereTheServerHasIt() {
        await(open(port, Api.AUTO, TTL).announce(ENDPOINT));
        assertThat(values(Api.V2)).containsExactly(JSON);

        String key = await(open(plainPort, Api.AUTO, TTL).announce(ENDPOINT));
        assertThat(valuesOf(plain, path)).containsExactly(JSON);
        assertThat(key).startsWith(path + "/i 1/");
    }

    @Test
    void asksTheNextServerWhenOneDoesNotAnswer() {
        path = "/nerve/" + PATHS.incrementAndGet();
        Registration registration = register(new EtcdReporterConfig(
                List.of("127.0.0.1:" + ServerProgram.freePort(), "127.0.0.1:" + port), path, TTL, Api.V3));

        await(registration.announce(ENDPOINT));

        assertThat(events.get(0)).startsWith("failed: create at 127.0.0.1:").contains("ConnectException");
        assertThat(events).anyMatch(event -> event.startsWith("announced "));
    }

    @Test
    void aServerThatRefusesIsReportedAndAskedAgain() {
        Registration registration = open(plainPort, Api.V2, TTL);
        registration.announce(ENDPOINT);

        Await.until("two failures", () -> events.size() >= 2);
        assertThat(events).allMatch(event -> event.contains("http 404"));
    }

    @Test
    void aServerThatCannotEvenBeAskedIsReportedAgainAndAgain() {
        register(new EtcdReporterConfig(List.of("no host:1"), "/nerve", TTL, Api.V2))
                .announce(ENDPOINT);

        Await.until("two failures", () -> events.size() >= 2);
        assertThat(events).allMatch(event -> event.contains("create at no host:1"));
    }

    private long announcements(String below) {
        return events.stream()
                .filter(event -> event.startsWith("announced " + below + "/"))
                .count();
    }

    private Registration open(int at, Api api, Duration ttl) {
        path = "/nerve/" + PATHS.incrementAndGet();
        return register(new EtcdReporterConfig(List.of("127.0.0.1:" + at), path, ttl, api));
    }

    private Registration register(EtcdReporterConfig config) {
        Registration registration = registrar.register(config, ENDPOINT, new RegistrationObserver() {
            @Override
            public void onAnnounced(String where) {
                events.add("announced " + where);
            }

            @Override
            public void onWithdrawn() {
                events.add("withdrawn");
            }

            @Override
            public void onFailed(String error) {
                events.add("failed: " + error);
            }
        });
        opened.add(registration);
        return registration;
    }

    /** Returns the values of the keys below the path, as another client reads them. */
    private List<String> values(Api api) {
        return values(api, path);
    }

    private List<String> values(Api api, String below) {
        if (api == Api.V3) {
            return valuesOf(client, below);
        }
        List<String> values = new ArrayList<>();
        JsonNode root = client.get("/v2/keys" + below + "?recursive=true")
                .exceptionally(missing -> JsonNodeFactory.instance.objectNode())
                .join();
        root.findValues("value").forEach(value -> values.add(value.asText()));
        return values;
    }

    private static List<String> valuesOf(EtcdClient from, String below) {
        JsonNode found = from.json(
                        "/v3/kv/range",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("key", base64(below + "/"))
                                .put("range_end", base64(below + "0")))
                .join();
        List<String> values = new ArrayList<>();
        found.path("kvs")
                .forEach(entry -> values.add(new String(
                        Base64.getDecoder().decode(entry.path("value").asText()), StandardCharsets.UTF_8)));
        return values;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String await(CompletionStage<@Nullable String> done) {
        String key = done.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        return key == null ? "" : key;
    }

    private static ServerProgram start(String program, Path directory, int port, boolean withV2) {
        String peers = "http://127.0.0.1:" + ServerProgram.freePort();
        String clients = "http://127.0.0.1:" + port;
        if (!directory.toFile().mkdirs()) {
            throw new AssertionError("not created: " + directory);
        }
        return ServerProgram.start(
                directory,
                Map.of(),
                List.of(
                        program,
                        "--name=one",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=one=" + peers,
                        "--heartbeat-interval=20",
                        "--election-timeout=200",
                        "--enable-v2=" + withV2));
    }
}
