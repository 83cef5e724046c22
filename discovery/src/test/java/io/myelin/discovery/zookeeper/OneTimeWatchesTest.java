package io.myelin.discovery.zookeeper;

import static io.myelin.discovery.zookeeper.ZooKeeperCount.CHILD_LISTS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.DATA_READS;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.Relay;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way of following that is left with servers which refuse recursive watches. */
class OneTimeWatchesTest {
    private static final String PATH = "/nerve/old";

    private final EmbeddedZooKeeper server = new EmbeddedZooKeeper();
    private final Ensembles ensembles = new Ensembles(Duration.ofSeconds(10));
    private final RecordingSink sink = new RecordingSink();

    @BeforeEach
    void startServer() {
        server.start();
    }

    @AfterEach
    void stopServer() {
        ensembles.close();
        server.close();
    }

    @Test
    void readsOnlyWhatIsNewOrEdited() {
        try (Registry registry = new Registry(server.connectString());
                ServiceWatcher watcher = watch(server.connectString())) {
            watcher.start();
            sink.awaitState(State.LIVE);
            registry.create(PATH);
            String edited = registry.register(PATH, "a", 1);
            sink.awaitAddresses("127.0.0.1:1");
            String deleted = registry.register(PATH, "b", 2);
            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");

            registry.delete(deleted);
            sink.awaitAddresses("127.0.0.1:1");
            registry.edit(edited, Registry.json("a", 11));
            sink.awaitAddresses("127.0.0.1:11");
            registry.edit(edited, Registry.json("a", 12));
            sink.awaitAddresses("127.0.0.1:12");

            assertThat(ensembles.count(DATA_READS)).isEqualTo(4);
        }
    }

    @Test
    void noticesAParentThatIsDeletedAndCreated() {
        try (Registry registry = new Registry(server.connectString());
                ServiceWatcher watcher = watch(server.connectString())) {
            registry.create(PATH);
            registry.delete(registry.register(PATH, "a", 1));
            watcher.start();
            sink.awaitState(State.LIVE);

            registry.delete(PATH);
            registry.create(PATH);
            registry.register(PATH, "b", 2);

            sink.awaitAddresses("127.0.0.1:2");
        }
    }

    @Test
    void appliesWhatChangedWhileTheConnectionWasLost() throws IOException {
        try (Relay relay = new Relay(server.connectString());
                Registry registry = new Registry(server.connectString());
                ServiceWatcher watcher = watch(relay.connectString())) {
            registry.create(PATH);
            String edited = registry.register(PATH, "a", 1);
            String deleted = registry.register(PATH, "b", 2);
            registry.register(PATH, "c", 3);
            watcher.start();
            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
            assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(1);

            relay.cut();
            sink.awaitState(State.STALE);
            registry.edit(edited, Registry.json("a", 11));
            registry.delete(deleted);
            registry.register(PATH, "d", 4);
            relay.mend();

            sink.awaitAddresses("127.0.0.1:11", "127.0.0.1:3", "127.0.0.1:4");
            registry.register(PATH, "e", 5);
            sink.awaitAddresses("127.0.0.1:11", "127.0.0.1:3", "127.0.0.1:4", "127.0.0.1:5");
        }
    }

    private ServiceWatcher watch(String servers) {
        Ensemble ensemble = ensembles.acquire(servers);
        ensemble.execute(ensemble::useOneTimeWatches);
        return new ZooKeeperWatcher(
                "web", ZooKeeperConfig.of(List.of(servers), PATH), sink, ensembles, Clock.SYSTEM, RandomSource.SYSTEM);
    }
}
