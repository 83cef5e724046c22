package io.myelin.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.operator.StatsdConfig;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a StatsD server hears. */
@Timeout(20)
class SynapseMetricsTest {
    private final QueuedExecutor control = new QueuedExecutor();
    private final List<Pool> pools = new ArrayList<>();
    private final Map<String, Long> registryCounts = new HashMap<>();
    private int chance;
    private final SynapseMetrics metrics = new SynapseMetrics(
            () -> List.copyOf(pools), () -> Map.copyOf(registryCounts), "1.2.3", new FakeClock(), bound -> chance);
    private DatagramSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        server.setSoTimeout(10_000);
    }

    @AfterEach
    void close() {
        metrics.stop();
        server.close();
    }

    @Test
    void synapsesNamesAndTagsAreSent() throws IOException {
        settle(Map.of());
        assertThat(hear()).containsExactly("synapse.start:1|c|#synapse_version:1.2.3");

        Pool pool = pool("we,b");
        pool.status(new SourceStatus("zookeeper", State.STALE, 1, 1, "lost"));
        control.runAll();
        registryCounts.put("zookeeper_malformed_total", 3L);
        metrics.tick();
        assertThat(hear())
                .containsExactly(
                        "synapse.watcher.start:1|c|#service_name:we_b,watcher_name:we_b",
                        "synapse.watcher.ping.count:1|c|#ping_result:failure,service_name:we_b,watcher_name:we_b",
                        "synapse.config.update:1|c",
                        "synapse.watcher.zk.parse_child_failed:3|c",
                        "synapse.main_loop.elapsed_time:0|ms");

        pools.clear();
        metrics.tick();
        assertThat(hear())
                .containsExactly(
                        "synapse.watcher.stop:1|c|#service_name:we_b,watcher_name:we_b",
                        "synapse.main_loop.elapsed_time:0|ms");
        metrics.stop();
        assertThat(hear()).containsExactly("synapse.stop:1|c|#synapse_version:1.2.3");
    }

    @Test
    void ofASampledMetricAPartIsSent() throws IOException {
        settle(Map.of("synapse.watcher.ping.count", 0.25, "synapse.main_loop.elapsed_time", 0.0));
        hear();
        pool("web");
        metrics.tick();
        assertThat(hear()).anyMatch(line -> line.startsWith("synapse.watcher.ping.count:1|c|@0.25|#"));
        chance = 250_000;
        metrics.tick();
        pool("api");
        metrics.tick();

        assertThat(hear()).noneMatch(line -> line.contains("ping.count") || line.contains("elapsed"));
    }

    @Test
    void manyLinesTravelInDatagramsOfBearableSize() throws IOException {
        settle(Map.of());
        hear();
        for (int i = 0; i < 40; i++) {
            pool("service-with-a-name-" + i);
        }
        metrics.tick();

        List<String> heard = new ArrayList<>(hear());
        while (heard.size() < 82) {
            heard.addAll(hear());
        }
        assertThat(heard)
                .filteredOn(line -> line.startsWith("synapse.watcher.start"))
                .hasSize(40);
    }

    @Test
    void whatCannotBeSentIsLostAndTheNextServerIsToldAllTheSame() throws IOException {
        metrics.settle(new StatsdConfig("no such host.invalid", 1, Map.of()));
        pool("web");
        metrics.tick();
        metrics.tick();

        settle(Map.of());
        assertThat(hear()).containsExactly("synapse.start:1|c|#synapse_version:1.2.3");
        metrics.tick();
        assertThat(hear()).contains("synapse.watcher.start:1|c|#service_name:web,watcher_name:web");
    }

    private void settle(Map<String, Double> rates) {
        metrics.settle(new StatsdConfig("127.0.0.1", server.getLocalPort(), rates));
    }

    private Pool pool(String name) {
        Pool pool = new Pool(PoolConfig.named(name), control, new FakeClock(), RandomSource.SYSTEM, 1);
        pools.add(pool);
        return pool;
    }

    private List<String> hear() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        server.receive(packet);
        assertThat(packet.getLength()).isLessThanOrEqualTo(1_432);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8)
                .lines()
                .toList();
    }
}
