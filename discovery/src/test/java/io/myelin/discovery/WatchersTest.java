package io.myelin.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.model.Clock;
import io.myelin.model.EndpointSet;
import java.util.List;
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
