package io.myelin.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.kubernetes.KubernetesAccess.Explicit;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.KubernetesApi;
import io.myelin.discovery.testing.KubernetesApi.Request;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server that is asked without encryption, and everything that it can do wrong. */
@Timeout(30)
class KubernetesWatcherTest {
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            2);
    private static final Map<String, String> LABELS = Map.of("app", "synse", "component", "plugin");

    @TempDir
    Path directory;

    private final KubernetesApi api = KubernetesApi.http();
    private final RecordingSink sink = new RecordingSink();
    private final List<ServiceWatcher> started = new ArrayList<>();
    private KubernetesProvider provider = provider(TIMING);
    private Watchers watchers = new Watchers(List.of(provider), Clock.SYSTEM);

    @AfterEach
    void closeAll() {
        started.forEach(ServiceWatcher::close);
        watchers.close();
        api.close();
    }

    @Test
    void scenario31PluginsAreAskedForByTheirLabelsInTheirNamespace() {
        have("a", "10.0.0.1");
        api.endpoints("default", "other", Map.of("app", "other"), "[" + KubernetesApi.subset(80, "10.9.9.9") + "]");
        api.endpoints("elsewhere", "b", LABELS, "[" + KubernetesApi.subset(80, "10.9.9.8") + "]");
        followed();

        sink.awaitAddresses("10.0.0.1:80");
        Request list = api.lists().get(0);
        assertThat(list.path()).isEqualTo("/api/v1/namespaces/default/endpoints");
        assertThat(list.query()).containsEntry("labelSelector", "app=synse,component=plugin");
        assertThat(sink.sets().get(0).origin())
                .contains("default labelSelector=app=synse,component=plugin resourceVersion=");
    }

    @Test
    void changesComeByTheWatchWithoutAnotherList() {
        followed();
        sink.awaitAddresses();

        have("a", "10.0.0.1");
        sink.awaitAddresses("10.0.0.1:80");
        have("a", "10.0.0.1", "10.0.0.2");
        have("b", "10.0.0.3");
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        api.deleteEndpoints("default", "a");
        sink.awaitAddresses("10.0.0.3:80");

        assertThat(api.lists()).hasSize(1);
        Request watch = api.watchRequests().get(0);
        assertThat(watch.query()).containsEntry("allowWatchBookmarks", "true").containsKey("timeoutSeconds");
        assertThat(watch.query().get("resourceVersion")).isEqualTo("100");
        assertThat(provider.counts())
                .containsEntry("kubernetes_events_total", 4L)
                .containsEntry("kubernetes_lists_total", 1L)
                .containsEntry("kubernetes_failed_requests_total", 0L);
    }

    @Test
    void endpointsThatAreCutAreToldWhenThatBegins() {
        haveCut("a", "10.0.0.1");
        followed();
        sink.awaitAddresses("10.0.0.1:80");
        haveCut("a", "10.0.0.2");
        sink.awaitAddresses("10.0.0.2:80");
        api.expireWatches();
        haveCut("a", "10.0.0.3");
        sink.awaitAddresses("10.0.0.3:80");
        assertThat(provider.counts()).containsEntry("kubernetes_truncations_total", 1L);

        have("a", "10.0.0.4");
        sink.awaitAddresses("10.0.0.4:80");
        haveCut("a", "10.0.0.5");
        sink.awaitAddresses("10.0.0.5:80");
        assertThat(provider.counts()).containsEntry("kubernetes_truncations_total", 2L);
    }

    private void haveCut(String name, String address) {
        api.put(
                KubernetesApi.ENDPOINTS.formatted("default"),
                name,
                LABELS,
                "{\"metadata\": {\"annotations\": {\"endpoints.kubernetes.io/over-capacity\": \"truncated\"}},"
                        + " \"subsets\": [" + KubernetesApi.subset(80, address) + "]}");
    }

    @Test
    void aListComesInPages() {
        for (int i = 1; i <= 5; i++) {
            have("s" + i, "10.0.0." + i);
        }
        followed();

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80", "10.0.0.5:80");
        assertThat(api.lists()).hasSize(3);
        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void aListWhosePagesExpireIsAskedForInOne() {
        api.forgetPages(true);
        for (int i = 1; i <= 3; i++) {
            have("s" + i, "10.0.0." + i);
        }
        followed();

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        assertThat(api.lists()).hasSize(3);
        assertThat(api.lists().get(2).query()).doesNotContainKeys("limit", "continue");
        assertThat(sink.lastStatus().error()).isEmpty();
    }

    @Test
    void scenario30DiscoveryFailureIsNotAbsence() {
        follow(new Timing(
                Duration.ofMillis(400),
                TIMING.silence(),
                TIMING.watch(),
                TIMING.firstPause(),
                TIMING.longestPause(),
                TIMING.pageObjects()));
        have("a", "10.0.0.1");
        have("b", "10.0.0.2");
        have("c", "10.0.0.3");
        followed();
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");

        api.fail(500);
        api.cutWatches();
        Eventually.holds("the refusal", () -> sink.lastStatus().error().contains("500"));
        assertThat(sink.lastStatus().state()).isEqualTo(State.STALE);
        assertThat(sink.sets()).hasSize(1);
        api.fail(0);
        sink.awaitState(State.LIVE);

        api.hang();
        api.cutWatches();
        Eventually.holds("the time is over", () -> sink.lastStatus().error().contains("no answer in 400 ms"));
        assertThat(sink.sets()).hasSize(1);
        api.resume();
        sink.awaitState(State.LIVE);

        api.endpoints("default", "d", LABELS, "null");
        api.endpoints("default", "e", LABELS, "[]");
        api.endpoints("default", "f", LABELS, "[{\"ports\": [{\"port\": 80}]}]");
        have("g", "10.0.0.4");
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);
    }

    @Test
    void anObjectThatCannotBeReadStaysWhatItWasAndHarmsNoOther() {
        have("a", "10.0.0.1");
        have("b", "10.0.0.2");
        followed();
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");

        api.endpoints("default", "a", LABELS, "\"none\"");
        have("b", "10.0.0.3");
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.3:80");
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error()).isEqualTo("a: subsets is no list (expected: a list or null)");

        have("a", "10.0.0.4");
        sink.awaitAddresses("10.0.0.3:80", "10.0.0.4:80");
        sink.awaitState(State.LIVE);
    }

    @Test
    void aWatchThatIsTooOldBeginsWithAListAgain() {
        followed();
        have("a", "10.0.0.1");
        sink.awaitAddresses("10.0.0.1:80");

        api.expireWatches();
        Eventually.holds(
                "another watch", () -> api.watches() == 1 && api.watchRequests().size() == 2);
        assertThat(api.lists()).hasSize(2);
        have("b", "10.0.0.2");
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");

        api.stop();
        api.forget();
        api.deleteEndpoints("default", "a");
        api.start();
        sink.awaitAddresses("10.0.0.2:80");
        assertThat(provider.counts()).containsEntry("kubernetes_expirations_total", 2L);
        sink.awaitState(State.LIVE);
    }

    @Test
    void aBookmarkIsWhereTheNextWatchGoesOn() {
        have("a", "10.0.0.1");
        followed();

        api.forget();
        api.bookmark();
        Eventually.holds("the watch goes on from the bookmark", () -> {
            api.endWatches();
            List<Request> watches = api.watchRequests();
            return "103".equals(watches.get(watches.size() - 1).query().get("resourceVersion"));
        });
        have("b", "10.0.0.2");

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        assertThat(provider.counts()).containsEntry("kubernetes_expirations_total", 0L);
    }

    @Test
    void aServerThatIsKilledAndComesBackIsFollowedAgain() {
        have("a", "10.0.0.1");
        followed();
        sink.awaitAddresses("10.0.0.1:80");
        sink.awaitState(State.LIVE);

        api.stop();
        sink.awaitState(State.STALE);
        have("b", "10.0.0.2");
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");

        api.start();
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        sink.awaitState(State.LIVE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"ADDED\", \"obj",
                "{\"type\": \"ADDED\", \"obj\n",
                "<html>\n",
                "{\"type\": \"RENAMED\", \"object\": {}}\n",
                "{\"type\": \"ERROR\", \"object\": {\"code\": 500, \"message\": \"no\"}}\n",
                "{\"type\": \"ADDED\", \"object\": {\"metadata\": {}}}\n",
                "huge"
            })
    void whateverAWatchBringsNothingIsLost(String text) {
        have("a", "10.0.0.1");
        followed();
        sink.awaitAddresses("10.0.0.1:80");

        api.send(text.equals("huge") ? "x".repeat(5 << 20) : text);
        api.cutWatches();
        have("b", "10.0.0.2");

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        sink.awaitState(State.LIVE);
        assertThat(sink.sets()).allSatisfy(set -> assertThat(set.endpoints()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>", "{}", "[]", "{\"items\": []}", "{\"metadata\": {\"resourceVersion\": \"1\"}}", "{"})
    void whatIsNoListChangesNothing(String body) {
        have("a", "10.0.0.1");
        followed();
        sink.awaitAddresses("10.0.0.1:80");

        api.answer(body);
        api.expireWatches();
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error())
                .endsWith("no list (expected: JSON with items and metadata.resourceVersion)");
        have("b", "10.0.0.2");
        api.answer("");

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        assertThat(sink.sets()).hasSize(2);
    }

    @Test
    void aWatchAtWhoseOtherEndNobodyIsGivesWayToAnother() {
        follow(new Timing(
                TIMING.answer(),
                Duration.ofMillis(150),
                TIMING.watch(),
                TIMING.firstPause(),
                TIMING.longestPause(),
                TIMING.pageObjects()));
        have("a", "10.0.0.1");
        followed();

        api.hang();
        have("b", "10.0.0.2");
        api.resume();

        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        assertThat(api.lists()).hasSize(1);
        assertThat(provider.counts()).containsEntry("kubernetes_failed_requests_total", 0L);
    }

    @Test
    void aTokenThatChangesIsReadAgain() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "old\n");
        have("a", "10.0.0.1");
        api.demand("new");
        follow(sink, plugins(token));
        Eventually.holds(
                "the refusal",
                () -> sink.statuses().size() > 1 && sink.lastStatus().error().contains("401"));
        assertThat(sink.lastStatus().error())
                .contains("status 401 Unauthorized")
                .doesNotContain("old");

        Files.writeString(directory.resolve("token"), "new\n");
        sink.awaitAddresses("10.0.0.1:80");
        awaitWatch();

        Files.delete(token);
        api.cutWatches();
        Eventually.holds("the reason", () -> sink.lastStatus().error().contains(token + " cannot be read"));
    }

    @Test
    void servicesWithTheSameSelectorShareAWatchAndTheLastOneEndsIt() {
        RecordingSink other = new RecordingSink();
        api.endpoints(
                "default",
                "a",
                LABELS,
                "[{\"addresses\": [{\"ip\": \"10.0.0.1\"}], \"ports\": [{\"name\": \"http\", \"port\": 80},"
                        + " {\"name\": \"admin\", \"port\": 81}]}]");
        KubernetesConfig config = new KubernetesConfig(
                access(null),
                "default",
                KubernetesResource.ENDPOINTS,
                "",
                "app=synse,component=plugin",
                PortRule.ONLY,
                false);
        follow(sink, config);
        sink.awaitAddresses("10.0.0.1:80");
        follow(
                other,
                new KubernetesConfig(
                        config.access(),
                        config.namespace(),
                        config.resource(),
                        config.service(),
                        config.selector(),
                        PortRule.named("admin"),
                        false));
        other.awaitAddresses("10.0.0.1:81");
        other.awaitState(State.LIVE);
        awaitWatch();
        assertThat(api.requests()).hasSize(2);

        started.get(0).close();
        api.endpoints("default", "a", LABELS, "[]");
        other.awaitAddresses();
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
        assertThat(api.watches()).isEqualTo(1);

        started.get(1).close();
        Eventually.holds("nobody watches", () -> api.watches() == 0);
    }

    @Test
    void aServiceGoesByItsNameInSlices() {
        String content = "{\"addressType\": \"IPv4\", \"ports\": [{\"port\": 80}], \"endpoints\": [{\"addresses\":"
                + " [\"%s\"], \"zone\": \"z1\"}]}";
        api.slice("shop", "web-1", "web", content.formatted("10.0.0.1"));
        api.slice("shop", "web-2", "web", content.formatted("10.0.0.2"));
        api.slice("shop", "api-1", "api", content.formatted("10.0.0.3"));
        follow(
                sink,
                new KubernetesConfig(
                        access(null), "shop", KubernetesResource.ENDPOINT_SLICES, "web", "", PortRule.ONLY, false));
        sink.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        assertThat(sink.sets().get(0).endpoints().get(0).labels()).containsEntry("zone", "z1");

        api.delete(KubernetesApi.SLICES.formatted("shop"), "web-1");
        sink.awaitAddresses("10.0.0.2:80");
    }

    @Test
    void aServiceWhosePortsCannotBeToldApartKeepsItsMembersAndSaysWhy() {
        api.endpoints("default", "web", Map.of(), "[" + KubernetesApi.subset(80, "10.0.0.1") + "]");
        follow(
                sink,
                new KubernetesConfig(access(null), "", KubernetesResource.ENDPOINTS, "web", "", PortRule.ONLY, false));
        sink.awaitAddresses("10.0.0.1:80");

        api.endpoints(
                "default",
                "web",
                Map.of(),
                "[{\"addresses\": [{\"ip\": \"10.0.0.2\"}], \"ports\": [{\"name\": \"a\", \"port\": 1},"
                        + " {\"name\": \"b\", \"port\": 2}]}]");
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error()).startsWith("web has ports [a 1, b 2] (expected: one port,");
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void aServerThatRefusesWatchesIsAskedAgainAndAgain() {
        have("a", "10.0.0.1");
        followed();
        api.fail(403);
        api.cutWatches();
        Eventually.holds("the refusal", () -> sink.lastStatus().error().contains("403"));
        api.fail(0);
        have("a", "10.0.0.2");

        sink.awaitAddresses("10.0.0.2:80");
        sink.awaitState(State.LIVE);
    }

    @Test
    void aServerThatEndsEveryWatchAtOnceIsSpared() {
        api.cutAtOnce(true);
        long startNanos = System.nanoTime();
        follow(sink, plugins(null));
        Eventually.holds("many watches", () -> api.watchRequests().size() >= 6);

        // The pauses are 20, 40, 80, 100 and 100 ms.
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(300));
        assertThat(sink.statuses())
                .anySatisfy(status -> assertThat(status.error()).startsWith("a watch: "));

        have("a", "10.0.0.1");
        api.cutAtOnce(false);
        sink.awaitAddresses("10.0.0.1:80");
        sink.awaitState(State.LIVE);
    }

    private void have(String name, String... addresses) {
        api.endpoints("default", name, LABELS, "[" + KubernetesApi.subset(80, addresses) + "]");
    }

    /** Follows the server up to a watch. */
    private void followed() {
        follow(sink, plugins(null));
        awaitWatch();
    }

    private void awaitWatch() {
        Eventually.holds("a watch", () -> api.watches() == 1);
    }

    /** Has everything followed from now on at that pace. */
    private void follow(Timing timing) {
        watchers.close();
        provider = provider(timing);
        watchers = new Watchers(List.of(provider), Clock.SYSTEM);
    }

    private void follow(RecordingSink into, KubernetesConfig config) {
        ServiceWatcher watcher = watchers.watch("plugins", config, into);
        started.add(watcher);
        watcher.start();
    }

    private KubernetesConfig plugins(@Nullable Path token) {
        return KubernetesConfig.plugins(access(token), "default", "app=synse,component=plugin");
    }

    private KubernetesAccess access(@Nullable Path token) {
        return new Explicit(Objects.requireNonNull(HttpOrigin.parse(api.url(), 1)), token, TlsFiles.NONE);
    }

    private static KubernetesProvider provider(Timing timing) {
        return new KubernetesProvider(timing, new Surroundings(Map.of(), Path.of("/nowhere")), bound -> bound - 1);
    }
}
