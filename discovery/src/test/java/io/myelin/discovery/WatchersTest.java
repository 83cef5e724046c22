package io.myelin.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.dns.DnsConfig;
import io.myelin.discovery.dns.DnsOptions;
import io.myelin.discovery.dns.DnsServer;
import io.myelin.discovery.docker.DockerConfig;
import io.myelin.discovery.docker.DockerHost;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.marathon.MarathonConfig;
import io.myelin.discovery.marathon.MarathonConfig.Authorization;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.model.Clock;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private final RecordingSink sink = new RecordingSink();

    @Test
    void leavesAServiceWithoutARegistryToItsDefaults() {
        try (Watchers watchers = Watchers.load(Clock.SYSTEM);
                ServiceWatcher watcher = watchers.watch("web", new DiscoveryConfig.Fixed(), sink)) {
            watcher.start();

            assertThat(sink.sets()).isEmpty();
            assertThat(sink.statuses()).isEmpty();
        }
    }

    @Test
    void knowsTheRegistriesOnTheClassPath() {
        DiscoveryConfig config = ZooKeeperConfig.of(List.of("127.0.0.1:1"), "/web");
        try (Watchers watchers = Watchers.load(Clock.SYSTEM);
                ServiceWatcher watcher = watchers.watch("web", config, sink)) {
            assertThat(watcher).isNotNull();
            assertThat(watchers.counts()).containsEntry("zookeeper_data_reads_total", 0L);
        }
    }

    @Test
    void registriesThatAreAskedShareOneThread() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        EndpointSink spy = new EndpointSink() {
            @Override
            public void replace(EndpointSet endpoints) {
                threads.add(
                        endpoints.service() + " on " + Thread.currentThread().getName());
            }

            @Override
            public void status(SourceStatus status) {
                // Only deliveries count.
            }
        };
        try (ScriptedApi api = new ScriptedApi();
                Watchers watchers = Watchers.load(Clock.SYSTEM)) {
            api.answerBy(
                    request -> ScriptedApi.response(200, request.line().contains("/v2/") ? "{\"tasks\": []}" : "[]"));
            HttpOrigin origin = HttpOrigin.of("127.0.0.1", api.port());
            Duration interval = Duration.ofHours(1);
            Map<String, DiscoveryConfig> configs = Map.of(
                    "dns",
                    new DnsConfig(List.of(DnsServer.of("", "10.0.0.1", 80)), DnsOptions.DEFAULT),
                    "docker",
                    new DockerConfig(List.of(new DockerHost("", "h", origin)), "web", 80, interval, false),
                    "marathon",
                    new MarathonConfig(
                            List.of(origin),
                            MarathonConfig.DEFAULT_PATH,
                            "web",
                            0,
                            interval,
                            TlsFiles.NONE,
                            Authorization.NONE,
                            false));
            configs.forEach((name, config) -> watchers.watch(name, config, spy).start());

            Eventually.holds("three deliveries", () -> threads.size() == 3);
            assertThat(threads)
                    .containsExactlyInAnyOrder("dns on registries", "docker on registries", "marathon on registries");
        }
    }

    @Test
    void refusesARegistryThatNobodyUnderstands() {
        DiscoveryConfig unheardOf = new DiscoveryConfig() {};
        try (Watchers watchers = Watchers.load(Clock.SYSTEM)) {
            assertThatThrownBy(() -> watchers.watch("web", unheardOf, sink))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: a kind of registry");
        }
    }

    @Test
    void aClosedSinkDropsWhatComesLater() {
        GatedSink gate = new GatedSink(sink);
        gate.replace(new EndpointSet("web", List.of(), "first"));

        gate.close();
        gate.replace(new EndpointSet("web", List.of(), "second"));

        assertThat(sink.sets()).extracting(EndpointSet::origin).containsExactly("first");
    }
}
