package io.myelin.discovery.zookeeper;

import static io.myelin.discovery.zookeeper.ZooKeeperCount.CHILD_LISTS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.DATA_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.STATS;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.Relay;
import io.myelin.discovery.testing.ZooKeeperProcess;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ZooKeeperOutageTest {
    private static final ZooKeeperProcess SERVER = new ZooKeeperProcess();
    private static final AtomicInteger PATHS = new AtomicInteger();

    private final String path = "/outage/web" + PATHS.incrementAndGet();
    private final Relay relay = new Relay(SERVER.connectString());
    private final Registry registry = new Registry(SERVER.connectString());
    private final Ensembles ensembles = new Ensembles(Duration.ofSeconds(30));
    private final Ensembles shortLived = new Ensembles(Duration.ofMillis(1_500));
    private final RecordingSink sink = new RecordingSink();

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @AfterEach
    void close() throws IOException {
        ensembles.close();
        shortLived.close();
        registry.close();
        relay.close();
    }

    @Test
    void servesTheLastSetWhileTheServerIsDownAndReadsNothingAgain() {
        registry.create(path);
        registry.register(path, "a", 1);
        registry.register(path, "b", 2);
        try (ServiceWatcher watcher = watch(SERVER.connectString(), ensembles)) {
            watcher.start();
            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
            sink.awaitState(State.LIVE);
            long liveSince = sink.lastStatus().sinceMillis();

            SERVER.kill();
            sink.awaitState(State.STALE);
            SourceStatus stale = sink.lastStatus();
            assertThat(stale.sinceMillis()).isGreaterThanOrEqualTo(liveSince);
            assertThat(stale.syncedMillis()).isBetween(liveSince, stale.sinceMillis());
            assertThat(stale.error()).contains(SERVER.connectString());
            SERVER.start();
            sink.awaitState(State.LIVE);

            assertThat(sink.sets()).hasSize(1);
            assertThat(ensembles.count(DATA_READS)).isEqualTo(2);
            assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(2);
            assertThat(ensembles.count(STATS)).isEqualTo(2);
            registry.register(path, "c", 3);
            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
            assertThat(ensembles.count(DATA_READS)).isEqualTo(3);
        }
    }

    @Test
    void appliesWhatChangedMeanwhileInOneDelivery() {
        registry.create(path);
        Registry dying = new Registry(SERVER.connectString());
        dying.register(path, "dead", 1);
        String deleted = registry.register(path, "deleted", 2);
        String edited = registry.register(path, "edited", 3);
        registry.register(path, "same", 4);
        try (ServiceWatcher watcher = watch(relay.connectString(), ensembles)) {
            watcher.start();
            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4");

            relay.cut();
            sink.awaitState(State.STALE);
            dying.close();
            registry.delete(deleted);
            registry.edit(edited, Registry.json("edited", 33));
            registry.register(path, "new", 5);
            relay.mend();
            sink.awaitState(State.LIVE);

            assertThat(sink.addresses()).containsExactly("127.0.0.1:33", "127.0.0.1:4", "127.0.0.1:5");
            assertThat(sink.sets()).hasSize(2);
            assertThat(ensembles.count(DATA_READS)).isEqualTo(4 + 2);
        }
    }

    @Test
    void aServerThatKeepsItsConnectionsAndSaysNothingIsNoticed() {
        registry.create(path);
        registry.register(path, "a", 1);
        try (ServiceWatcher watcher = watch(relay.connectString(), shortLived)) {
            watcher.start();
            sink.awaitAddresses("127.0.0.1:1");
            sink.awaitState(State.LIVE);

            relay.freeze();
            registry.register(path, "b", 2);
            sink.awaitState(State.STALE);
            assertThat(sink.addresses()).containsExactly("127.0.0.1:1");
            relay.thaw();

            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
            sink.awaitState(State.LIVE);
        }
    }

    @Test
    void survivesTheExpiryOfItsSession() {
        registry.create(path);
        registry.register(path, "a", 1);
        try (ServiceWatcher watcher = watch(relay.connectString(), shortLived)) {
            watcher.start();
            sink.awaitAddresses("127.0.0.1:1");

            relay.cut();
            Eventually.holds("session expired", () -> sink.lastStatus().error().contains("expired"));
            assertThat(sink.lastStatus().state()).isEqualTo(State.STALE);
            long staleSince = sink.lastStatus().sinceMillis();
            relay.mend();
            sink.awaitState(State.LIVE);

            assertThat(sink.lastStatus().sinceMillis()).isGreaterThanOrEqualTo(staleSince);
            assertThat(shortLived.count(DATA_READS)).isEqualTo(1);
            assertThat(shortLived.count(CHILD_LISTS)).isEqualTo(2);
            registry.register(path, "b", 2);
            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
        }
    }

    @Test
    void survivesAServerThatEndsItsSession() {
        registry.create(path);
        registry.register(path, "a", 1);
        try (ServiceWatcher watcher = watch(SERVER.connectString(), shortLived)) {
            watcher.start();
            sink.awaitAddresses("127.0.0.1:1");
            SERVER.kill();
            sink.awaitState(State.STALE);
            Eventually.holds("session expired", () -> sink.lastStatus().error().contains("expired"));

            SERVER.start();
            sink.awaitState(State.LIVE);
            registry.register(path, "b", 2);

            sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
            assertThat(shortLived.count(DATA_READS)).isEqualTo(2);
        }
    }

    @Test
    void waitsForAnEnsembleThatIsNotThereYet() {
        try (ZooKeeperProcess late = new ZooKeeperProcess();
                ServiceWatcher watcher = watch(late.connectString(), shortLived)) {
            watcher.start();
            Eventually.holds(
                    "an error is reported",
                    () -> !sink.statuses().isEmpty()
                            && sink.lastStatus().error().contains(late.connectString()));
            assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
            assertThat(sink.sets()).isEmpty();

            late.start();

            sink.awaitState(State.LIVE);
            assertThat(sink.addresses()).isEmpty();
        }
    }

    @Test
    void reportsHostsThatCannotBeAsked() {
        try (ServiceWatcher unknown = watch("no-such-host.invalid:2181", shortLived);
                ServiceWatcher unreadable = watch("127.0.0.1:port", shortLived)) {
            unknown.start();
            unreadable.start();

            Eventually.holds("both report", () -> errors("no-such-host") && errors("127.0.0.1:port"));
            assertThat(sink.statuses()).allMatch(status -> status.state() == State.STARTING);
        }
    }

    @Test
    void aRegistrationIsPutBackAfterItsSessionExpired() {
        Endpoint endpoint = Endpoint.of("i-1", "127.0.0.1", 1).withWeight(5);
        try (ServiceWatcher watcher = watch(SERVER.connectString(), ensembles);
                NerveRegistration registration =
                        new NerveRegistration(shortLived, relay.connectString(), path, endpoint)) {
            watcher.start();
            String first = registration
                    .announce()
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            assertThat(first).matches(path + "/i-1_\\d{10}");
            sink.awaitAddresses("127.0.0.1:1");

            relay.cut();
            sink.awaitAddresses();
            relay.mend();
            sink.awaitAddresses("127.0.0.1:1");
            assertThat(lastEndpoint().withSequence(null)).isEqualTo(endpoint);

            registration
                    .announce(endpoint.withWeight(0))
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            Eventually.holds(
                    "weight 0", () -> Integer.valueOf(0).equals(lastEndpoint().weight()));
            registration
                    .withdraw()
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            sink.awaitAddresses();
        }
    }

    private Endpoint lastEndpoint() {
        return sink.lastSet().endpoints().get(0);
    }

    private boolean errors(String about) {
        return sink.statuses().stream().anyMatch(status -> status.error().contains(about));
    }

    private ServiceWatcher watch(String servers, Ensembles sessions) {
        return new ZooKeeperWatcher(
                "web", ZooKeeperConfig.of(List.of(servers), path), sink, sessions, Clock.SYSTEM, RandomSource.SYSTEM);
    }
}
