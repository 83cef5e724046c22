package io.myelin.discovery.zookeeper;

import static io.myelin.discovery.zookeeper.ZooKeeperCount.CHILD_LISTS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.CONFIG_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.DATA_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.FAILED_READS;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.MALFORMED;
import static io.myelin.discovery.zookeeper.ZooKeeperCount.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watcher does differently when its configuration says so. */
@NullMarked
class ZooKeeperOptionsTest {
    private static final EmbeddedZooKeeper SERVER = new EmbeddedZooKeeper();
    private static final AtomicInteger PATHS = new AtomicInteger();

    private final String path = "/options/web" + PATHS.incrementAndGet();
    private final ZooKeeperConfig config = ZooKeeperConfig.of(List.of(SERVER.connectString()), path);
    private final Ensembles ensembles = new Ensembles(Duration.ofSeconds(10));
    private final Registry registry = new Registry(SERVER.connectString());
    private final RecordingSink sink = new RecordingSink();
    private @Nullable ZooKeeperWatcher watcher;

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
        if (watcher != null) {
            watcher.close();
        }
        ensembles.close();
        registry.close();
    }

    @Test
    void readsMembersOfAServerSet() {
        registry.put(
                path,
                "member_",
                "{\"serviceEndpoint\": {\"host\": \"127.0.0.1\", \"port\": 1}, \"status\": \"ALIVE\", \"shard\": 7,"
                        + " \"additionalEndpoints\": {\"http\": {\"host\": \"127.0.0.1\", \"port\": 2}}}");
        registry.put(path, "member_", "{\"serviceEndpoint\": {\"host\": \"127.0.0.1\", \"port\": 3}}");

        start(config.with().format(ZnodeFormat.serverset("http")).build());

        sink.awaitAddresses("127.0.0.1:2");
        assertThat(sink.sets().get(0).endpoints()).extracting(Endpoint::name).containsExactly("7");
        assertThat(ensembles.count(MALFORMED)).isEqualTo(1);
    }

    @Test
    void anAddressThatNoEndpointCanHaveHarmsOnlyItsChild() {
        registry.put(path, "odd_", "{\"host\": \"/run/x.sock\", \"port\": 1}");
        registry.register(path, "a", 1);

        start(config);

        sink.awaitAddresses("127.0.0.1:1");
        assertThat(ensembles.count(MALFORMED)).isEqualTo(1);
    }

    // Polling.

    @Test
    void pollingNoticesEveryKindOfChangeWithoutAWatch() {
        String edited = registry.register(path, "a", 1);
        String deleted = registry.register(path, "b", 2);
        registry.register(path, "c", 3);
        start(polling(path));
        sink.awaitAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
        sink.awaitState(State.LIVE);

        registry.edit(edited, Registry.json("a", 11));
        registry.delete(deleted);
        registry.register(path, "d", 4);

        sink.awaitAddresses("127.0.0.1:11", "127.0.0.1:3", "127.0.0.1:4");
        assertThat(ensembles.count(DATA_READS)).isEqualTo(5);
    }

    @Test
    void pollingDoesNotCreateTheParentAndFindsItLater() {
        String missing = path + "/later";
        start(polling(missing));
        sink.awaitState(State.LIVE);
        Eventually.holds("three polls", () -> ensembles.count(CHILD_LISTS) >= 3);
        assertThat(registry.exists(missing)).isFalse();

        registry.create(missing);
        registry.register(missing, "a", 1);
        registry.edit(missing, "{\"haproxy\":{}}");

        sink.awaitAddresses("127.0.0.1:1");
        sink.awaitConfigurations("", "{\"haproxy\":{}}");
    }

    private static ZooKeeperConfig polling(String parent) {
        return ZooKeeperConfig.of(List.of(SERVER.connectString()), parent)
                .with()
                .pollingInterval(ZooKeeperConfig.SHORTEST_INTERVAL)
                .build();
    }

    // Configuration of the service.

    @Test
    void deliversTheConfigurationInTheParentAndEveryChangeOfIt() {
        registry.edit(path, "{\"haproxy\":{\"port\":1}}");
        start(config);
        sink.awaitConfigurations("{\"haproxy\":{\"port\":1}}");

        registry.edit(path, "{\"haproxy\":{\"port\":2}}");
        sink.awaitConfigurations("{\"haproxy\":{\"port\":1}}", "{\"haproxy\":{\"port\":2}}");
        registry.edit(path, "");

        sink.awaitConfigurations("{\"haproxy\":{\"port\":1}}", "{\"haproxy\":{\"port\":2}}", "");
        assertThat(ensembles.count(CONFIG_READS)).isEqualTo(3);
        assertThat(ensembles.count(CHILD_LISTS)).isEqualTo(1);
    }

    @Test
    void aConfigurationElsewhereIsFollowedFromItsCreationOnAndKeptWhenItsZnodeIsDeleted() {
        String elsewhere = path + "-config";
        start(config.with().configPath(elsewhere).build());
        sink.awaitConfigurations("");

        registry.createWith(elsewhere, "{\"haproxy\":{}}");
        sink.awaitConfigurations("", "{\"haproxy\":{}}");
        registry.delete(elsewhere);
        long read = ensembles.count(CONFIG_READS);
        Eventually.holds("the deletion was noticed", () -> ensembles.count(CONFIG_READS) >= read);
        registry.createWith(elsewhere, "{}");

        sink.awaitConfigurations("", "{\"haproxy\":{}}", "{}");
    }

    @Test
    void aConfigurationThatIsDisabledIsNeverRead() {
        registry.edit(path, "{\"haproxy\":{\"port\":1}}");
        registry.register(path, "a", 1);

        start(config.with().configPath(null).build());

        sink.awaitAddresses("127.0.0.1:1");
        sink.awaitConfigurations("");
        assertThat(ensembles.count(CONFIG_READS)).isZero();
    }

    @Test
    void aConfigurationThatMayNotBeReadHarmsNoEndpoint() {
        String secret = registry.createUnreadable(path + "-secret");
        registry.register(path, "a", 1);

        start(config.with().configPath(secret).build());

        sink.awaitAddresses("127.0.0.1:1");
        sink.awaitState(State.LIVE);
        Eventually.holds("the refusal is counted", () -> ensembles.count(FAILED_READS) == 1);
        assertThat(sink.configurations()).isEmpty();
    }

    // Who is asking.

    @Test
    void readsWhatOnlyAKnownUserMayReadAndSharesNoSessionWithOthers() throws KeeperException, InterruptedException {
        DigestAuth myelin = new DigestAuth("myelin", "hush");
        registry.client().addAuthInfo(DigestAuth.SCHEME, myelin.proof());
        registry.client()
                .create(
                        path + "/secret",
                        Registry.json("a", 1).getBytes(StandardCharsets.UTF_8),
                        Collections.singletonList(new ACL(Perms.ALL, new Id("auth", ""))),
                        CreateMode.PERSISTENT);
        RecordingSink stranger = new RecordingSink();
        try (ZooKeeperWatcher other = watch(config, stranger)) {
            other.start();
            stranger.awaitState(State.LIVE);
            EnsembleConfig known = new EnsembleConfig(List.of(SERVER.connectString()), myelin, null);
            start(config.with().ensemble(known).build());

            sink.awaitAddresses("127.0.0.1:1");
            assertThat(stranger.addresses()).isEmpty();
            assertThat(ensembles.count(SESSIONS)).isEqualTo(2);
            assertThat(known.toString()).contains("digest myelin").doesNotContain("hush");
        }
    }

    private void start(ZooKeeperConfig followed) {
        watcher = watch(followed, sink);
        watcher.start();
    }

    private ZooKeeperWatcher watch(ZooKeeperConfig followed, RecordingSink into) {
        return new ZooKeeperWatcher("web", followed, into, ensembles, Clock.SYSTEM, RandomSource.SYSTEM);
    }
}
