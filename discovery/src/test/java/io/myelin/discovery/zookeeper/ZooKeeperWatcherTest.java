package io.myelin.discovery.zookeeper;

import static io.myelin.discovery.zookeeper.ZooKeeperCount.CHILD_LISTS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.DATA_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.IMPAIRED;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.MALFORMED;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.SESSIONS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.STATS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class ZooKeeperWatcherTest {
    private static final EmbeddedZooKeeper SERVER = new EmbeddedZooKeeper();
    private static final AtomicInteger PATHS = new AtomicInteger();

    private final String path = "/nerve/services/web" + PATHS.incrementAndGet() + "/services";
    private final Ensembles ensembles = new Ensembles(Duration.ofSeconds(10));
    private final Registry registry = new Registry(SERVER.connectString());
    private final RecordingSink sink = new RecordingSink();
    private final ServiceWatcher watcher = watch(path, sink);

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @BeforeEach
    void createParent() {
        registry.create(path);
    }

    @AfterEach
    void close() {
        watcher.close();
        ensembles.close();
        registry.close();
    }

    @Test
    void deliversEveryRegistration() {
        registry.register(path, "a", 1);
        registry.register(path, "b", 2);
        registry.register(path, "c", 3);

        watcher.start();

        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
        sink.awaitState(State.LIVE);
        assertThat(sink.sets()).hasSize(1);
        assertThat(sink.sets().get(0).service()).isEqualTo("web");
        assertThat(sink.sets().get(0).origin()).startsWith("zookeeper " + path + " zxid=0x");
        assertThat(sink.sets().get(0).endpoints())
                .extracting(Endpoint::sequence)
                .containsExactly(0L, 1L, 2L);
        assertThat(sink.lastStatus().source()).isEqualTo("zookeeper " + SERVER.connectString() + " " + path);
        assertThat(sink.statuses().get(0).state()).isEqualTo(State.STARTING);
        assertThat(ensembles.count(DATA_READS)).isEqualTo(3);
        assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(1);
    }

    @Test
    void dropsAnEndpointWhoseZnodeIsDeletedWithoutReadingAnything() {
        String gone = registry.register(path, "a", 1);
        registry.register(path, "b", 2);
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");

        registry.delete(gone);

        sink.awaitAddresses("127.0.0.1:2");
        assertThat(ensembles.count(DATA_READS)).isEqualTo(2);
        assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(1);
        assertThat(ensembles.count(STATS)).isZero();
    }

    @Test
    void readsOnlyTheChildWhoseDataWasEdited() {
        String edited = registry.register(path, "a", 1);
        registry.register(path, "b", 2);
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");

        registry.edit(edited, Registry.json("a", 7));

        sink.awaitAddresses("127.0.0.1:7", "127.0.0.1:2");
        assertThat(ensembles.count(DATA_READS)).isEqualTo(3);
    }

    @Test
    void endsWithTheLastOfManyEdits() {
        String edited = registry.register(path, "a", 1);
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1");

        for (int port = 2; port <= 200; port++) {
            registry.client()
                    .setData(edited, Registry.json("a", port).getBytes(StandardCharsets.UTF_8), -1, null, null);
        }

        sink.awaitAddresses("127.0.0.1:200");
        assertThat(ensembles.count(DATA_READS)).isLessThanOrEqualTo(200);
    }

    @Test
    void readsAnEncodedNameWithoutItsData() {
        String prefix = ChildName.encode(Registry.json("a", 1).getBytes(StandardCharsets.UTF_8));
        String encoded = registry.put(path, prefix, "data that nobody reads");
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1");

        registry.edit(encoded, "still not read");
        registry.put(path, ChildName.encode(Registry.json("b", 2).getBytes(StandardCharsets.UTF_8)), "");

        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
        assertThat(ensembles.count(DATA_READS)).isZero();
        assertThat(sink.sets().get(0).endpoints().get(0).sequence()).isZero();
    }

    @Test
    void readsTheDataWhenAnEncodedNameHoldsNoEndpoint() {
        registry.put(path, "base64_4_e30=_", Registry.json("a", 1));

        watcher.start();

        sink.awaitAddresses("127.0.0.1:1");
        assertThat(ensembles.count(DATA_READS)).isEqualTo(1);
    }

    @Test
    void aMalformedChildHarmsOnlyItself() {
        registry.register(path, "a", 1);
        String broken = registry.put(path, "broken_", "{\"host\":");
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1");

        registry.edit(broken, "{\"host\":\"127.0.0.1\"}");
        registry.register(path, "b", 2);
        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
        assertThat(ensembles.count(MALFORMED)).isEqualTo(1);
        sink.awaitState(State.LIVE);

        registry.edit(broken, Registry.json("mended", 3));
        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
    }

    @Test
    void aChildThatMayNotBeReadHarmsOnlyItself() {
        registry.register(path, "a", 1);
        registry.createUnreadable(path + "/secret_");

        watcher.start();

        sink.awaitAddresses("127.0.0.1:1");
        assertThat(ensembles.count(MALFORMED)).isEqualTo(1);
    }

    @Test
    void takesTheLatestOfSeveralRegistrationsOfOneEndpoint() {
        registry.put(path, "a_", "{\"host\":\"127.0.0.1\",\"port\":1,\"name\":\"a\",\"weight\":5}");
        String latest = registry.put(path, "a_", "{\"host\":\"127.0.0.1\",\"port\":1,\"name\":\"a\",\"weight\":9}");

        watcher.start();

        sink.awaitAddresses("127.0.0.1:1");
        assertThat(sink.sets().get(0).endpoints()).extracting(Endpoint::weight).containsExactly(9);
        registry.delete(latest);
        Eventually.holds(
                "weight of the earlier one",
                () -> Integer.valueOf(5)
                        .equals(sink.lastSet().endpoints().get(0).weight()));
    }

    @Test
    void countsAWeightThatItHadToIgnore() {
        registry.put(path, "a_", "{\"host\":\"127.0.0.1\",\"port\":1,\"weight\":\"x\"}");

        watcher.start();

        sink.awaitAddresses("127.0.0.1:1");
        assertThat(ensembles.count(IMPAIRED)).isEqualTo(1);
    }

    @Test
    void createsAMissingParentAndFollowsIt() {
        String missing = path + "/deep/er";
        RecordingSink other = new RecordingSink();
        try (ServiceWatcher second = watch(missing, other)) {
            second.start();
            other.awaitState(State.LIVE);
            assertThat(other.sets()).hasSize(1);
            assertThat(other.addresses()).isEmpty();
            Eventually.holds("parent created", () -> registry.exists(missing));

            registry.register(missing, "a", 1);

            other.awaitAddresses("127.0.0.1:1");
        }
    }

    @Test
    void followsAParentThatSomebodyElseDeletesAndCreates() {
        String only = registry.register(path, "a", 1);
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1");

        registry.delete(only);
        registry.delete(path);
        sink.awaitAddresses();
        registry.create(path);
        registry.register(path, "b", 2);

        sink.awaitAddresses("127.0.0.1:2");
    }

    @Test
    void ignoresWhatIsBelowAChild() {
        String child = path + "/static";
        registry.create(child);
        registry.edit(child, Registry.json("a", 1));
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1");

        registry.register(child, "nested", 9);
        registry.register(path, "b", 2);

        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
        assertThat(ensembles.count(DATA_READS)).isEqualTo(2);
    }

    @Test
    void twoWatchersShareOneSession() {
        registry.register(path, "a", 1);
        RecordingSink other = new RecordingSink();
        ServiceWatcher second = watch(path, other);
        watcher.start();
        second.start();
        sink.awaitAddresses("127.0.0.1:1");
        other.awaitAddresses("127.0.0.1:1");
        assertThat(ensembles.inUse()).isEqualTo(1);
        assertThat(ensembles.count(SESSIONS)).isEqualTo(1);

        second.close();
        registry.register(path, "b", 2);

        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2");
        assertThat(ensembles.inUse()).isEqualTo(1);
        watcher.close();
        assertThat(ensembles.inUse()).isZero();
        assertThat(other.addresses()).containsExactly("127.0.0.1:1");
    }

    @Test
    void readsEachOfAThousandRegistrationsOnce() {
        watcher.start();
        sink.awaitState(State.LIVE);
        List<Integer> ports = IntStream.rangeClosed(1, 1_000).boxed().toList();

        for (int from = 0; from < ports.size(); from += 50) {
            registry.client()
                    .multi(
                            ports.subList(from, from + 50).stream()
                                    .map(port -> registration(port))
                                    .toList(),
                            (code, asked, context, results) -> {},
                            null);
        }

        sink.awaitAddresses(ports.stream().map(port -> "127.0.0.1:" + port).toArray(String[]::new));
        assertThat(ensembles.count(DATA_READS)).isEqualTo(1_000);
        assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(1);
        assertThat(sink.sets()).hasSizeLessThan(500);
    }

    @Test
    void tellsOfAChangeWithinMilliseconds(TestReporter reporter) {
        watcher.start();
        sink.awaitState(State.LIVE);
        List<String> expected = new ArrayList<>();
        long[] micros = new long[100];

        for (int port = 1; port <= micros.length; port++) {
            expected.add("127.0.0.1:" + port);
            int sets = sink.sets().size();
            long begin = Clock.SYSTEM.nanoTime();
            registry.register(path, "i" + port, port);
            Eventually.holds("another set", () -> sink.sets().size() > sets);
            micros[port - 1] = (Clock.SYSTEM.nanoTime() - begin) / 1_000;
        }

        Arrays.sort(micros);
        reporter.publishEntry("registration to sink, µs", "median " + micros[50] + " max " + micros[99]);
        assertThat(micros[50]).isLessThan(1_000_000);
        sink.awaitAddresses(expected.toArray(String[]::new));
    }

    @Test
    void deliversNothingAfterItWasClosed() {
        RecordingSink other = new RecordingSink();
        try (ServiceWatcher second = watch(path, other)) {
            second.start();
            watcher.start();
            other.awaitState(State.LIVE);
            sink.awaitState(State.LIVE);
            watcher.close();
            int sets = sink.sets().size();

            registry.register(path, "a", 1);

            other.awaitAddresses("127.0.0.1:1");
            assertThat(sink.sets()).hasSize(sets);
        }
    }

    @Test
    void startingAndClosingTwiceIsStartingAndClosingOnce() {
        registry.register(path, "a", 1);
        watcher.start();
        watcher.start();
        sink.awaitAddresses("127.0.0.1:1");

        watcher.close();
        watcher.close();
        watcher.start();

        assertThat(ensembles.inUse()).isZero();
        assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(1);
    }

    @Test
    void takesAPathThatEndsInASlash() {
        registry.register(path, "a", 1);
        RecordingSink other = new RecordingSink();
        try (ServiceWatcher second = watch(path + "/", other)) {
            second.start();

            other.awaitAddresses("127.0.0.1:1");
        }
    }

    @Test
    void refusesAPathThatCannotExist() {
        assertThatThrownBy(() -> watch("/nerve//web", sink))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path: /nerve//web (expected: an absolute znode path)");
        assertThat(ensembles.inUse()).isEqualTo(1);
    }

    private ServiceWatcher watch(String znode, RecordingSink into) {
        return new ZooKeeperWatcher(
                "web",
                ZooKeeperConfig.of(List.of(SERVER.connectString()), znode),
                into,
                ensembles,
                Clock.SYSTEM,
                RandomSource.SYSTEM);
    }

    private Op registration(int port) {
        return Op.create(
                path + "/i" + port + "_",
                Registry.json("i" + port, port).getBytes(StandardCharsets.UTF_8),
                ZnodePaths.OPEN,
                CreateMode.EPHEMERAL_SEQUENTIAL);
    }
}
