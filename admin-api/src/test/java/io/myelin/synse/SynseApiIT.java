package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginConfig;
import io.myelin.health.plugin.PluginEmulator;
import io.myelin.health.plugin.PluginHealth;
import io.myelin.health.plugin.PluginRegistry;
import io.myelin.health.plugin.UnusableTlsException;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.server.BindAddress;
import io.myelin.testing.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over plugins that speak gRPC on loopback. */
@Timeout(60)
class SynseApiIT {
    /** Long enough for those who answer, however busy the machine is. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final PluginEmulator first = PluginEmulator.start("p-1");
    private final PluginEmulator second = PluginEmulator.start("p-2");
    private final List<AutoCloseable> open = new ArrayList<>(List.of(first, second));
    private final PluginRegistry registry;
    private final Client client;
    private final int port;

    SynseApiIT() throws IOException, UnusableTlsException {
        ScriptedPlugin words = new ScriptedPlugin("");
        Device led = words.device("d-1", "lamp", 0, "rw", "default/rack:a");
        first.device(led, ScriptedPlugin.reading("d-1", 21.5));
        second.device(words.device("d-2", "", 0, "rw", "default/rack:b"), ScriptedPlugin.reading("d-2", 7));
        registry = start(first.address(), second.address());
        port = serve(registry);
        client = new Client(port);
        // A first call may take longer than it may, because classes are loaded for it.
        Await.until("both are there", () -> ids(get("/v3/plugin?refresh=true")).equals("p-1 p-2"));
    }

    private PluginRegistry start(PluginAddress... addresses) throws UnusableTlsException {
        PluginConfig config = new PluginConfig(List.of(addresses), Duration.ofMinutes(2), TIMEOUT, null);
        PluginRegistry started = PluginRegistry.start(config, Clock.SYSTEM, RandomSource.SYSTEM);
        open.add(0, started);
        return started;
    }

    private int serve(PluginRegistry plugins) throws IOException {
        SynseSettings settings = new SynseSettings(
                true, true, SynseSettings.DEFAULT_DEVICE_REBUILD, SynseSettings.DEFAULT_TRANSACTION_TTL, Map::of);
        SynseServer server = SynseServer.start(
                new BindAddress("127.0.0.1", 0),
                new SynseApi(plugins, settings, Clock.SYSTEM),
                allocator -> null,
                Clock.SYSTEM);
        open.add(0, server);
        return server.address().getPort();
    }

    @AfterEach
    @SuppressWarnings("InterruptedExceptionSwallowed") // none of them waits
    void stop() {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void scenario24pluginsAreListedAndOneWithoutATagHarmsNobody() throws IOException, UnusableTlsException {
        JsonNode detail = get("/v3/plugin/p-1");
        assertThat(detail.path("network").toString())
                .isEqualTo("{\"address\":\"127.0.0.1:" + first.port() + "\",\"protocol\":\"tcp\"}");
        assertThat(detail.path("health").path("status").asText()).isEqualTo("OK");
        assertThat(detail.path("version").path("sdk_version").isTextual()).isTrue();
        assertThat(get("/v3/plugin").get(0).has("vcs")).isFalse();

        PluginEmulator nameless = PluginEmulator.of("p-3").tag("").start();
        open.add(nameless);
        Client other = new Client(serve(start(nameless.address(), first.address())));
        Await.until(
                "the good one is there",
                () -> ids(get(other, "/v3/plugin?refresh=true")).equals("p-1"));
    }

    @Test
    void scenario25aPluginThatWasDownAtTheStartIsListedOnceItIsUp() throws IOException, UnusableTlsException {
        PluginEmulator late = PluginEmulator.start("p-3");
        open.add(late);
        late.down();
        Client other = new Client(serve(start(late.address(), first.address())));

        Await.until(
                "the one is there",
                () -> ids(get(other, "/v3/plugin?refresh=true")).equals("p-1"));
        assertTestIsQuick(other);
        late.up();
        Await.until(
                "both are there",
                () -> ids(get(other, "/v3/plugin?refresh=true")).equals("p-1 p-3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT_FOUND", "INVALID_ARGUMENT", "UNKNOWN"})
    void scenario26whatAPluginSaysDoesNotMakeItInactive(String status) throws InterruptedException {
        first.fail("Read", status);

        HttpResponse<String> response = client.get("/v3/read");

        assertThat(parse(response.body())).hasSize(1);
        assertThat(response.headers().firstValue(Outcome.MISSING)).contains("p-1");
        assertThat(get("/v3/plugin").get(0).path("active").asBoolean()).isTrue();
    }

    @Test
    void scenario26aPluginThatCannotBeReachedIsLeftOut() throws InterruptedException {
        get("/v3/scan");
        first.hang(PluginEmulator.EVERY_METHOD);
        HttpResponse<String> slow = client.get("/v3/read");
        assertThat(parse(slow.body())).hasSize(1);
        assertThat(get("/v3/plugin").get(0).path("active").asBoolean(true)).isFalse();
        int reads = first.calls("Read");

        HttpResponse<String> quick = client.get("/v3/read");
        assertThat(quick.headers().firstValue(Outcome.MISSING)).contains("p-1");
        assertThat(first.calls("Read")).isEqualTo(reads);
        HttpResponse<String> one = client.get("/v3/read/d-1");
        assertThat(one.statusCode()).isEqualTo(500);
        assertThat(get("/v3/plugin/p-1").path("health").path("status").asText()).isEqualTo("UNKNOWN");

        first.answer(PluginEmulator.EVERY_METHOD);
        Await.until("it is read again", () -> get("/v3/read").size() == 2);
    }

    @Test
    void scenario32twentyRefreshesAreOne() {
        second.hang("Test");
        int before = first.calls("Test");
        List<CompletableFuture<HttpResponse<String>>> throng = IntStream.range(0, 20)
                .mapToObj(i -> client.later("/v3/plugin?refresh=true"))
                .toList();
        assertTestIsQuick(client);

        assertThat(throng).allSatisfy(each -> {
            assertThat(each.join().statusCode()).isEqualTo(200);
            assertThat(ids(parse(each.join().body()))).isEqualTo("p-1 p-2");
        });
        assertThat(first.calls("Test") - before).isLessThan(20);
    }

    @Test
    void scenario34theHealthOfAllTakesOneTimeout() throws IOException, UnusableTlsException {
        PluginEmulator third = PluginEmulator.start("p-3");
        open.add(third);
        Client other = new Client(serve(start(first.address(), second.address(), third.address())));
        Await.until(
                "all are there",
                () -> ids(get(other, "/v3/plugin?refresh=true")).equals("p-1 p-2 p-3"));
        second.health(PluginHealth.Status.FAILING);
        third.hang(PluginEmulator.EVERY_METHOD);
        long beginNanos = System.nanoTime();

        JsonNode health = get(other, "/v3/plugin/health");

        assertThat(System.nanoTime() - beginNanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(2 * TIMEOUT.toMillis()));
        assertThat(health.path("status").asText()).isEqualTo("unhealthy");
        assertThat(health.path("healthy").toString()).isEqualTo("[\"p-1\"]");
        assertThat(health.path("unhealthy").toString()).isEqualTo("[\"p-2\"]");
        assertThat(health.path("active").asInt()).isEqualTo(2);
        assertThat(health.path("inactive").asInt()).isEqualTo(1);
    }

    @Test
    void scenario38aDropIsCountedOnce() throws InterruptedException {
        second.down();
        client.get("/v3/read");
        Await.until("it is gone", () -> !registry.list().get(1).active());
        assertThat(metrics()).contains("synse_plugin_active_state{plugin=\"p-2\"} 0.0\n");
        second.up();
        Await.until("it is back", () -> {
            get("/v3/plugin?refresh=true");
            return registry.list().get(1).active();
        });

        assertThat(metrics())
                .contains("synse_plugin_active_state{plugin=\"p-2\"} 1.0\n")
                .contains("synse_plugin_connect_count_total{plugin=\"p-2\"} 2.0\n")
                .contains("synse_plugin_disconnect_count_total{plugin=\"p-2\"} 1.0\n")
                .contains("synse_plugin_disabled{plugin=\"p-2\"} 0.0\n")
                .contains("synse_grpc_message_sent_total{method=\"Read\",plugin=\"p-1\",");
    }

    @Test
    void devicesAreFoundReadAndWritten() throws InterruptedException {
        assertThat(get("/v3/scan").findValuesAsText("id").toString()).isEqualTo("[d-1, d-2]");
        assertThat(get("/v3/scan?tags=rack:b").findValuesAsText("id").toString())
                .isEqualTo("[d-2]");
        assertThat(get("/v3/info/lamp").path("sort_index").isInt()).isTrue();
        assertThat(get("/v3/tags?ns=default").toString()).isEqualTo("[\"default/rack:a\",\"default/rack:b\"]");
        assertThat(get("/v3/read?tags=rack:a").get(0).path("value").asDouble()).isEqualTo(21.5);
        assertThat(get("/v3/read/d-2").get(0).path("value").asInt()).isEqualTo(7);
        assertThat(client.get("/v3/readcache").body().lines()).hasSize(2);

        JsonNode ordered = parse(client.post("/v3/write/lamp", "{\"action\":\"color\",\"data\":\"ff0000\"}")
                .body());
        assertThat(first.written()).containsExactly("d-1 color ff0000");
        JsonNode progress = get("/v3/transaction/" + ordered.get(0).path("id").asText());
        assertThat(progress.path("device").asText()).isEqualTo("d-1");
        assertThat(parse(client.post("/v3/write/wait/d-2", "[{\"action\":\"state\"}]")
                                .body())
                        .get(0)
                        .path("status")
                        .asText())
                .isEqualTo("DONE");
    }

    @Test
    void readingsAreStreamedAlsoOfAPluginThatWasAway() {
        try (Session session = new Session(port)) {
            session.send("{'id':1,'event':'request/read_stream'}");
            Await.until("both are asked", () -> first.streams() == 1 && second.streams() == 1);
            first.emit(ScriptedPlugin.reading("d-1", 1));
            assertThat(session.next().path("data").path("device").asText()).isEqualTo("d-1");

            second.cut();
            Await.until("it is asked again", () -> {
                get("/v3/plugin?refresh=true");
                return second.streams() == 1;
            });
            second.emit(ScriptedPlugin.reading("d-2", 2));
            assertThat(session.next().path("data").path("value").asInt()).isEqualTo(2);
            session.send("{'id':2,'event':'request/read_stream','data':{'stop':true}}");
            Await.until("nobody is asked", () -> first.streams() + second.streams() == 0);
        }
    }

    private static void assertTestIsQuick(Client asked) {
        long beginNanos = System.nanoTime();
        get(asked, "/test");
        assertThat(System.nanoTime() - beginNanos)
                .as("does not wait for a plugin")
                .isLessThan(TimeUnit.MILLISECONDS.toNanos(TIMEOUT.toMillis() * 3 / 4));
    }

    private String metrics() throws InterruptedException {
        return client.get("/metrics").body();
    }

    private JsonNode get(String path) {
        return get(client, path);
    }

    private static JsonNode get(Client asked, String path) {
        try {
            return asked.json(path);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String ids(JsonNode list) {
        return String.join(" ", list.findValuesAsText("id"));
    }
}
