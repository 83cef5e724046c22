package io.myelin.discovery.zookeeper;

import static io.myelin.discovery.zookeeper.ZooKeeperCount.CHILD_LISTS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.CONFIG_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.DATA_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.DELIVERIES;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.SESSIONS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.STATS;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A thousand services of fifty instances each in one ensemble. */
class ThousandServicesTest {
    private static final int SERVICES = 1_000;
    private static final int INSTANCES = 50;
    private static final int CHANGED = 100;

    private final List<RecordingSink> sinks = new ArrayList<>();
    private final List<ZooKeeperWatcher> watchers = new ArrayList<>();

    @Test
    void everyServiceIsReadOnceAndThenOnlyWhatChanges(TestReporter reporter) {
        try (EmbeddedZooKeeper server = new EmbeddedZooKeeper();
                Ensembles ensembles = new Ensembles(Duration.ofSeconds(30))) {
            server.start();
            try (Registry registry = new Registry(server.connectString())) {
                registry.create("/many");
                fill(registry);
                long begunNanos = Clock.SYSTEM.nanoTime();
                for (int service = 0; service < SERVICES; service++) {
                    follow(ZooKeeperConfig.of(List.of(server.connectString()), path(service)), ensembles);
                }
                for (RecordingSink sink : sinks) {
                    Eventually.holds(
                            "all instances of a service", () -> sink.addresses().size() == INSTANCES);
                }
                long took =
                        Duration.ofNanos(Clock.SYSTEM.nanoTime() - begunNanos).toMillis();
                reporter.publishEntry("1,000 services of 50 instances", took + " ms");
                assertThat(ensembles.count(SESSIONS)).isEqualTo(1);
                assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(SERVICES);
                assertThat(ensembles.count(CONFIG_READS)).isEqualTo(SERVICES);
                assertThat(ensembles.count(DATA_READS)).isEqualTo(SERVICES * INSTANCES);

                for (int instance = 0; instance < CHANGED; instance++) {
                    registry.put(path(7), "later_", Registry.json("later" + instance, 10_000 + instance));
                }
                Eventually.holds(
                        "the new instances", () -> sinks.get(7).addresses().size() == INSTANCES + CHANGED);
                assertThat(ensembles.count(DATA_READS)).isEqualTo(SERVICES * INSTANCES + CHANGED);
                assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(SERVICES);
                assertThat(ensembles.count(STATS)).isZero();
                assertThat(ensembles.count(DELIVERIES)).isLessThanOrEqualTo(SERVICES + CHANGED);
            } finally {
                watchers.forEach(ZooKeeperWatcher::close);
            }
        }
    }

    private void follow(ZooKeeperConfig config, Ensembles ensembles) {
        RecordingSink sink = new RecordingSink();
        sinks.add(sink);
        ZooKeeperWatcher watcher =
                new ZooKeeperWatcher("web", config, sink, ensembles, Clock.SYSTEM, RandomSource.SYSTEM);
        watchers.add(watcher);
        watcher.start();
    }

    /** Registers everything, one transaction for each service. */
    private static void fill(Registry registry) {
        AtomicInteger done = new AtomicInteger();
        for (int service = 0; service < SERVICES; service++) {
            List<Op> ops = new ArrayList<>();
            ops.add(create(path(service), ""));
            for (int instance = 0; instance < INSTANCES; instance++) {
                ops.add(create(path(service) + "/i" + instance + "_1", Registry.json("i" + instance, 1 + instance)));
            }
            registry.client().multi(ops, (code, path, context, results) -> done.incrementAndGet(), null);
        }
        Eventually.holds("everything is registered", () -> done.get() == SERVICES);
    }

    private static Op create(String path, String data) {
        return Op.create(path, data.getBytes(StandardCharsets.UTF_8), ZnodePaths.OPEN, CreateMode.PERSISTENT);
    }

    private static String path(int service) {
        return "/many/service" + service;
    }
}
