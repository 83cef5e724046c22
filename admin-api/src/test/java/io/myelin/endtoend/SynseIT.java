package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.testing.KubernetesApi;
import io.myelin.health.plugin.PluginEmulator;
import io.myelin.launcher.MyelinProcess;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Synse's plugins and its API in a whole process, told by the specification's scenarios. */
@Timeout(60)
class SynseIT {
    private static final int LOOKS = 20;
    /** Longer than any test: what hangs does so until the end. */
    private static final String PATIENT = "grpc: {timeout: 100}";

    private static final String LABELLED =
            "discover: {kubernetes: {api_url: '%s', endpoints: {labels: {app: synse, component: plugin}}}}";
    private static final Map<String, String> LABELS = Map.of("app", "synse", "component", "plugin");

    @TempDir
    Path directory;

    private final Deque<Runnable> opened = new ArrayDeque<>();

    @AfterEach
    void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }

    @Test
    void scenario25APluginThatIsDownAtTheStartHoldsNothingUp()
            throws IOException, StartException, InterruptedException {
        int later = Ports.free(1).get(0);
        PluginEmulator up = plugin("P1");
        World world = world("plugin: {tcp: ['" + up.address().text() + "', '127.0.0.1:" + later + "']}, " + PATIENT);
        Admin api = api(world);
        awaitActive(api, "P1");
        assertThat(ids(api)).containsExactly("P1");
        JsonNode missing = world.admin().json("/api/v1/plugins").path("unregistered");
        assertThat(missing.path(0).path("address").asText()).isEqualTo("127.0.0.1:" + later);

        PluginEmulator down = opened(PluginEmulator.of("P2").port(later).start(), PluginEmulator::close);
        api.get("/v3/plugin?refresh=true");
        awaitActive(api, "P2");

        down.hang(PluginEmulator.EVERY_METHOD);
        int before = down.calls();
        CompletableFuture<?> waiting = CompletableFuture.runAsync(() -> api.get("/v3/plugin?refresh=true"));
        Await.until("the plugin is asked", () -> down.calls() > before);
        assertAnsweredDuring(
                waiting,
                "/test",
                () -> assertThat(api.get("/test").statusCode()).isEqualTo(200));
        assertThat(ids(api)).containsExactly("P1", "P2");
    }

    @Test
    void scenario33APluginOnASocketStaysEnabledWhateverTheNumberOfLooks()
            throws IOException, StartException, InterruptedException {
        Path sockets = Files.createDirectories(Path.of("/tmp/synse"));
        String name = "myelin-" + ProcessHandle.current().pid() + ".sock";
        opened(PluginEmulator.of("named").unix(sockets.resolve(name)).start(), PluginEmulator::close);
        Path path = directory.resolve("emu.sock");
        opened(PluginEmulator.of("absolute").unix(path).start(), PluginEmulator::close);
        World world = world("plugin: {unix: [" + name + ", " + path + "]}");
        Admin api = api(world);
        awaitActive(api, "named");
        awaitActive(api, "absolute");

        for (int i = 0; i < 10; i++) {
            assertThat(api.get("/v3/plugin?refresh=true").statusCode()).isEqualTo(200);
        }

        for (JsonNode plugin : world.admin().json("/api/v1/plugins").path("plugins")) {
            assertThat(plugin.path("active").asBoolean()).isTrue();
            assertThat(plugin.path("disabled").asBoolean()).isFalse();
            assertThat(plugin.path("connects").asInt()).isEqualTo(1);
        }
        assertThat(api.json("/v3/plugin/named").path("network").path("address").asText())
                .isEqualTo("unix:/tmp/synse/" + name);
    }

    @Test
    void scenario39TheEnvironmentCountsOverTheFileThatIsFoundAndSecretsAreNotShown()
            throws IOException, InterruptedException {
        PluginEmulator plugin = plugin("P");
        Path tls = Path.of("../proxy-core/src/test/resources/tls/localhost.pem").toAbsolutePath();
        Files.writeString(
                directory.resolve("config.yml"),
                "{grpc: {timeout: 5}, plugin: {tcp: ['127.0.0.1:1']}, ssl: {cert: " + tls + ", key: " + tls + "}}");
        MyelinProcess process = opened(
                MyelinProcess.startIn(
                        directory,
                        Map.of(
                                "SYNSE_GRPC_TIMEOUT",
                                "1",
                                "SYNSE_PLUGIN_TCP",
                                plugin.address().text()),
                        "run",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "0"),
                MyelinProcess::close);
        String line = process.awaitLine(any -> any.startsWith("listening synse "));
        Admin api = new Admin("https://127.0.0.1:" + line.substring(line.lastIndexOf(':') + 1), SynseTlsIT.trusting());

        awaitActive(api, "P");
        JsonNode config = api.json("/v3/config");
        assertThat(config.path("grpc").path("timeout").asInt()).isEqualTo(1);
        assertThat(config.path("plugin").path("tcp").get(0).asText())
                .isEqualTo(plugin.address().text());
        assertThat(config.path("ssl").path("cert").asText()).isEqualTo(tls.toString());
        assertThat(config.path("ssl").path("key").asText()).isEqualTo("(hidden)");
        assertThat(config.path("cache").path("plugin").path("refresh_every").asInt())
                .isEqualTo(120);

        process.signal("TERM");
        assertThat(process.exitCode()).isZero();
    }

    @Test
    void scenario40APluginThatHangsSlowsNothingElseDown() throws IOException, StartException, InterruptedException {
        PluginEmulator plugin = plugin("P");
        SwitchableServer web = opened(new SwitchableServer("web", 0), SynseIT::end);
        int edge = Ports.free(1).get(0);
        Path tye = Files.writeString(directory.resolve("tye.yaml"), """
                name: shop
                ingress: [{name: edge, bindings: [{port: %d}], rules: [{path: /web, service: web}]}]
                services: [{name: web, external: true, bindings: [{port: %d, protocol: http}]}]
                """.formatted(edge, web.port()));
        Path synse = Files.writeString(
                directory.resolve("config.yml"),
                "{address: '127.0.0.1:0', plugin: {tcp: ['" + plugin.address().text() + "']}, " + PATIENT + "}");
        World world = opened(World.of(tye, synse), World::close);
        Admin api = api(world);
        awaitActive(api, "P");

        plugin.hang(PluginEmulator.EVERY_METHOD);
        int before = plugin.calls();
        CompletableFuture<?> waiting = CompletableFuture.runAsync(() -> api.get("/v3/plugin?refresh=true"));
        Await.until("the plugin is asked", () -> plugin.calls() > before);
        try (RawClient client = RawClient.to(edge)) {
            assertAnsweredDuring(
                    waiting,
                    "the ingress",
                    () -> assertThat(client.send("GET /web HTTP/1.1\r\nHost: shop\r\n\r\n")
                                    .readResponse()
                                    .status())
                            .isEqualTo(200));
        }
        assertAnsweredDuring(
                waiting,
                "/test",
                () -> assertThat(api.get("/test").statusCode()).isEqualTo(200));
    }

    @Test
    void scenario28APluginWhoseEndpointsVanishIsDisabledUntilTheyReturn()
            throws IOException, StartException, InterruptedException {
        PluginEmulator plugin = plugin("P");
        KubernetesApi kubernetes = opened(KubernetesApi.http(), KubernetesApi::close);
        String subsets = "[" + KubernetesApi.subset(plugin.port(), "127.0.0.1") + "]";
        kubernetes.endpoints("default", "emulator", LABELS, subsets);
        World world = world("plugin: {" + LABELLED.formatted(kubernetes.url()) + "}, metrics: {enabled: true}");
        Admin api = api(world);
        awaitActive(api, "P");

        kubernetes.deleteEndpoints("default", "emulator");
        Await.until("P is disabled", () -> plugin(world, "P").path("disabled").asBoolean());
        int calls = plugin.calls();
        for (int i = 0; i < 3; i++) {
            api.get("/v3/plugin?refresh=true");
            assertThat(api.json("/v3/plugin").get(0).path("active").asBoolean()).isFalse();
        }
        assertThat(api.json("/v3/plugin/P").path("disabled").asBoolean()).isTrue();
        assertThat(plugin.calls()).isEqualTo(calls);
        assertThat(world.admin().metrics().sum("myelin_plugin_disabled", "plugin=\"P\""))
                .isEqualTo(1.0);

        kubernetes.endpoints("default", "emulator", LABELS, subsets);
        awaitActive(api, "P");
        assertThat(plugin(world, "P").path("disabled").asBoolean()).isFalse();
    }

    @Test
    void scenario29APluginThatMovesIsOneEntryAtItsNewPlace() throws IOException, StartException, InterruptedException {
        PluginEmulator before = plugin("P");
        KubernetesApi kubernetes = opened(KubernetesApi.http(), KubernetesApi::close);
        kubernetes.endpoints(
                "default", "emulator", LABELS, "[" + KubernetesApi.subset(before.port(), "127.0.0.1") + "]");
        World world = world("plugin: {" + LABELLED.formatted(kubernetes.url()) + "}");
        Admin api = api(world);
        awaitActive(api, "P");

        PluginEmulator after = plugin("P");
        before.close();
        kubernetes.endpoints(
                "default", "emulator", LABELS, "[" + KubernetesApi.subset(after.port(), "127.0.0.1") + "]");

        Await.until("P is at its new place", () -> {
            JsonNode plugin = plugin(world, "P");
            return plugin.path("address").asText().equals(after.address().text())
                    && plugin.path("active").asBoolean();
        });
        assertThat(ids(api)).containsExactly("P");
    }

    @Test
    void scenario30And31OneBadObjectOrAnAbsentServerDisablesNothing()
            throws IOException, StartException, InterruptedException {
        PluginEmulator a = plugin("A");
        PluginEmulator b = plugin("B");
        KubernetesApi kubernetes = opened(KubernetesApi.http(), KubernetesApi::close);
        kubernetes.endpoints("default", "a", LABELS, "[" + KubernetesApi.subset(a.port(), "127.0.0.1") + "]");
        kubernetes.endpoints("default", "nothing", LABELS, "null");
        kubernetes.endpoints(
                "default", "other", Map.of("app", "other"), "[" + KubernetesApi.subset(1, "127.0.0.1") + "]");
        World world = world("plugin: {" + LABELLED.formatted(kubernetes.url()) + "}");
        Admin api = api(world);
        awaitActive(api, "A");
        assertThat(kubernetes.requests())
                .anySatisfy(request ->
                        assertThat(request.query()).containsEntry("labelSelector", "app=synse,component=plugin"));

        kubernetes.fail(500);
        kubernetes.endWatches();
        Await.until("the source is stale", () -> {
            JsonNode source = source(world, "kubernetes");
            return source.path("state").asText().equals("stale")
                    && source.path("error").asText().contains("500");
        });
        api.get("/v3/plugin?refresh=true");
        assertThat(api.json("/v3/plugin").get(0).path("active").asBoolean()).isTrue();

        kubernetes.endpoints("default", "b", LABELS, "[" + KubernetesApi.subset(b.port(), "127.0.0.1") + "]");
        kubernetes.fail(0);
        awaitActive(api, "B");
        Await.until(
                "the source is live",
                () -> source(world, "kubernetes").path("state").asText().equals("live"));
    }

    @Test
    void aReloadChangesPluginsInPlaceAndRefusesWhatCannotBeUsed()
            throws IOException, StartException, InterruptedException {
        PluginEmulator a = plugin("A");
        PluginEmulator b = plugin("B");
        World world = world("plugin: {tcp: ['" + a.address().text() + "']}");
        Admin api = api(world);
        awaitActive(api, "A");

        world.reload(yaml("plugin: {tcp: ['" + b.address().text() + "']}, grpc: {timeout: 2}"));
        awaitActive(api, "B");
        Await.until("A is disabled", () -> plugin(world, "A").path("disabled").asBoolean());
        assertThat(api.json("/v3/config").path("grpc").path("timeout").asInt()).isEqualTo(2);

        world.reload(yaml("plugin: {tcp: [nonsense]}"));
        assertThat(world.admin().json("/api/v1/plugins").path("error").asText())
                .contains("synse.plugin.tcp[0]: nonsense");
        assertThat(api.json("/v3/config").path("grpc").path("timeout").asInt()).isEqualTo(2);
        assertThat(plugin(world, "B").path("active").asBoolean()).isTrue();

        world.reload(yaml("pretty_json: false"));
        Admin compact = api(world);
        assertThat(compact.get("/test").body()).doesNotContain("\n  ");
        assertThat(ids(compact)).containsExactly("A", "B");

        world.reload("services: {}");
        assertThat(world.admin().json("/api/v1/plugins").path("api").isNull()).isTrue();
        assertThat(world.listeners()).isEmpty();
    }

    @Test
    void aChangeOfTheFileIsTakenUpByItself() throws IOException, StartException, InterruptedException {
        PluginEmulator a = plugin("A");
        PluginEmulator b = plugin("B");
        String others = "address: '127.0.0.1:0', reload: {watch: true, interval: 50ms}";
        Path file = Files.writeString(
                directory.resolve("config.yml"),
                "{plugin: {tcp: ['" + a.address().text() + "']}, " + others + "}");
        World world = opened(World.of(file), World::close);
        Admin api = api(world);
        awaitActive(api, "A");

        replace(file, "{plugin: {tcp: [nonsense]}, " + others + "}");
        Await.until(
                "what cannot be used is named",
                () -> world.admin()
                        .json("/api/v1/plugins")
                        .path("error")
                        .asText()
                        .contains("nonsense"));
        assertThat(plugin(world, "A").path("active").asBoolean()).isTrue();

        replace(
                file,
                "{plugin: {tcp: ['" + a.address().text() + "', '" + b.address().text() + "']}, " + others + "}");
        awaitActive(api, "B");
        assertThat(ids(api)).containsExactly("A", "B");
        Await.until(
                "nothing is wrong any more",
                () -> world.admin().json("/api/v1/plugins").path("error").isNull());
    }

    @Test
    void whatIsUnderWayWhenTheProcessIsAskedToStopIsAnswered()
            throws IOException, StartException, InterruptedException {
        PluginEmulator plugin = plugin("P");
        World world = world("plugin: {tcp: ['" + plugin.address().text() + "']}, grpc: {timeout: 0.5}");
        Admin api = api(world);
        awaitActive(api, "P");

        plugin.hang("Health");
        CompletableFuture<Integer> asked =
                CompletableFuture.supplyAsync(() -> api.get("/v3/plugin/health").statusCode());
        Await.until("the plugin is asked", () -> plugin.calls("Health") > 0);
        world.stop();

        assertThat(asked.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(200);
    }

    @Test
    void theNativeApiTellsOfPluginsAndOfWhatFindsThem() throws IOException, StartException, InterruptedException {
        PluginEmulator plugin = plugin("P");
        World world =
                world("plugin: {tcp: ['" + plugin.address().text() + "']}, pass_through: {address: '127.0.0.1:0'}");
        awaitActive(api(world), "P");

        JsonNode seen = world.admin().json("/api/v1/plugins");
        assertThat(seen.path("api").asText()).isEqualTo("http://127.0.0.1:" + world.port("synse"));
        int passThrough = world.port("synse-pass-through");
        assertThat(seen.path("passThrough").asText()).isEqualTo("127.0.0.1:" + passThrough);
        assertThat(Ports.refused(passThrough)).isFalse();
        assertThat(seen.path("sources").get(0).path("source").asText()).isEqualTo("configuration");
        assertThat(plugin(world, "P").path("tag").asText()).isEqualTo("emulator/P");
        assertThat(plugin(world, "P").path("reason").asText()).isNotBlank();
        Metrics metrics = world.admin().metrics();
        assertThat(metrics.sum("myelin_plugin_active", "plugin=\"P\"")).isEqualTo(1.0);
        assertThat(metrics.sum("myelin_plugin_connects_total", "plugin=\"P\"")).isEqualTo(1.0);
        assertThat(metrics.sum("myelin_plugin_source_live", "source=\"configuration\""))
                .isEqualTo(1.0);
    }

    @Test
    void aTakenPortEndsTheStart() throws IOException, StartException, InterruptedException {
        World world = world("plugin: {}");
        int taken = world.port("synse");

        assertThatThrownBy(() -> world("plugin: {}, address: '127.0.0.1:" + taken + "'"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("127.0.0.1:" + taken);
    }

    @Test
    void withoutConfigurationThereIsNothingOfIt() throws IOException, StartException, InterruptedException {
        World world =
                opened(World.from(directory, "services: {web: {port: 0, servers: ['127.0.0.1:1']}}"), World::close);

        assertThat(world.admin().json("/api/v1/plugins").path("plugins")).isEmpty();
        assertThat(world.admin().get("/metrics").body()).doesNotContain("myelin_plugin");
        // Those of the test before end a moment after their loops have.
        Await.until(
                "no thread is for plugins",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(name -> name.startsWith("synse") || name.startsWith("plugins")));
    }

    /** Shows that questions do not wait for {@code pending}, which ends only with the test. */
    private static void assertAnsweredDuring(CompletableFuture<?> pending, String what, Look look) throws IOException {
        for (int i = 0; i < LOOKS; i++) {
            look.run();
        }
        assertThat(pending).as(what + " was answered meanwhile").isNotDone();
    }

    /** Replaces a file as a whole: its watch may read it at any moment, and one that is empty ends the API. */
    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private PluginEmulator plugin(String id) {
        return opened(PluginEmulator.start(id), PluginEmulator::close);
    }

    private World world(String keys) throws IOException, StartException, InterruptedException {
        return opened(World.from(directory, yaml(keys)), World::close);
    }

    private static String yaml(String keys) {
        return "synse: {" + (keys.contains(" address:") ? "" : "address: '127.0.0.1:0', ") + keys + "}";
    }

    private <T> T opened(T thing, Consumer<T> close) {
        opened.push(() -> close.accept(thing));
        return thing;
    }

    private static void end(SwitchableServer server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of several questions that must all be answered. */
    private interface Look {
        void run() throws IOException;
    }

    private static Admin api(World world) {
        return Admin.at("http://127.0.0.1:" + world.port("synse"));
    }

    static void awaitActive(Admin api, String id) {
        Await.until(id + " is active", () -> {
            JsonNode plugin = find(api.json("/v3/plugin"), "id", id);
            return plugin != null && plugin.path("active").asBoolean();
        });
    }

    private static List<String> ids(Admin api) {
        List<String> ids = new ArrayList<>();
        api.json("/v3/plugin").forEach(plugin -> ids.add(plugin.path("id").asText()));
        return ids;
    }

    private static JsonNode plugin(World world, String id) {
        JsonNode plugin = find(world.admin().json("/api/v1/plugins").path("plugins"), "id", id);
        return plugin == null ? world.admin().json("/api/v1/plugins").path("nothing") : plugin;
    }

    private static JsonNode source(World world, String name) {
        JsonNode all = world.admin().json("/api/v1/plugins").path("sources");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(source -> source.path("source").asText().contains(name))
                .findFirst()
                .orElseGet(() -> all.path("nothing"));
    }

    private static @Nullable JsonNode find(JsonNode list, String key, String value) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(one -> one.path(key).asText().equals(value))
                .findFirst()
                .orElse(null);
    }
}
