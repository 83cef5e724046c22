package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.Relay;
import io.myelin.model.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@NullMarked
class NerveRegistrationTest {
    private static final EmbeddedZooKeeper SERVER = new EmbeddedZooKeeper();
    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final Endpoint ENDPOINT = Endpoint.of("i-1", "10.0.0.1", 80)
            .withWeight(5)
            .withLabels(Map.of("zone", "a"))
            .withOptions("backup");
    private static final String JSON = "{\"host\":\"10.0.0.1\",\"port\":80,\"name\":\"i-1\",\"weight\":5,"
            + "\"haproxy_server_options\":\"backup\",\"labels\":{\"zone\":\"a\"}}";

    private final String path = "/nerve/deep/web" + PATHS.incrementAndGet();
    private final Ensembles ensembles = new Ensembles(Duration.ofSeconds(30));
    private final Registry registry = new Registry(SERVER.connectString());
    private final List<NerveRegistration> opened = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<String> answers = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @AfterEach
    void close() {
        opened.forEach(NerveRegistration::close);
        ensembles.close();
        registry.close();
    }

    @ParameterizedTest
    @EnumSource(NodeType.class)
    void createsTheParentsAndAZnodeOfTheWantedKindWithNervesData(NodeType type)
            throws KeeperException, InterruptedException {
        String created = await(open(config(type, false, null)).announce(ENDPOINT));

        assertThat(created).matches(path + "/i-1_" + (type.sequential() ? "\\d{10}" : ""));
        Stat stat = new Stat();
        assertThat(text(registry.client().getData(created, false, stat))).isEqualTo(JSON);
        assertThat(stat.getEphemeralOwner() != 0).isEqualTo(type.ephemeral());
    }

    @ParameterizedTest
    @EnumSource(NodeType.class)
    void withdrawsWhatItAnnounced(NodeType type) throws KeeperException, InterruptedException {
        NerveRegistration registration = open(config(type, false, null));
        await(registration.announce(ENDPOINT));
        await(registration.withdraw());

        assertThat(children()).isEmpty();
        await(registration.announce(ENDPOINT));
        assertThat(children()).hasSize(1);
    }

    @Test
    void anEncodedNameCarriesTheRegistration() throws KeeperException, InterruptedException {
        String created =
                await(open(config(NodeType.EPHEMERAL_SEQUENTIAL, true, null)).announce(ENDPOINT));

        ChildName name = ChildName.parse(created.substring(path.length() + 1));
        assertThat(name.json()).isEqualTo(JSON);
        assertThat(name.sequence()).isNotNull();
        assertThat(text(registry.client().getData(created, false, null))).isEqualTo(JSON);
    }

    @Test
    void anEncodedRegistrationThatChangesIsNeverMissing() throws KeeperException, InterruptedException {
        NerveRegistration registration = open(config(NodeType.EPHEMERAL_SEQUENTIAL, true, null));
        String first = await(registration.announce(ENDPOINT));
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        registry.client()
                .getChildren(path, event -> sizes.add(quietly(this::children).size()));

        String second = await(registration.announce(ENDPOINT.withWeight(0)));

        assertThat(second).isNotEqualTo(first);
        assertThat(children()).containsExactly(second.substring(path.length() + 1));
        Eventually.holds("the watch fired", () -> !sizes.isEmpty());
        assertThat(sizes).doesNotContain(0);
    }

    @Test
    void aChangeRewritesTheZnodeInPlace() throws KeeperException, InterruptedException {
        NerveRegistration registration = open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null));
        String first = await(registration.announce(ENDPOINT));

        assertThat(await(registration.announce(ENDPOINT.withWeight(0)))).isEqualTo(first);
        assertThat(text(registry.client().getData(first, false, null))).contains("\"weight\":0");
    }

    @Test
    void whatAnOperatorEditsStays() throws KeeperException, InterruptedException {
        NerveRegistration registration = open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null));
        String created = await(registration.announce(ENDPOINT));
        String edited = JSON.replace("\"weight\":5", "\"weight\":0");
        registry.edit(created, edited);

        assertThat(await(registration.announce(ENDPOINT))).isEqualTo(created);
        assertThat(text(registry.client().getData(created, false, null))).isEqualTo(edited);
    }

    @Test
    void aZnodeThatSomebodyDeletesComesBack() throws KeeperException, InterruptedException {
        String created =
                await(open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null)).announce(ENDPOINT));
        registry.delete(created);

        Eventually.holds("the znode is back", () -> quietly(this::children).size() == 1);
        assertThat(path + "/" + children().get(0)).isNotEqualTo(created);
    }

    @Test
    void aPersistentZnodeOfAnEarlierProcessIsTakenOver() throws KeeperException, InterruptedException {
        registry.create(path);
        String left = registry.client()
                .create(
                        path + "/i-1_",
                        JSON.replace("5", "7").getBytes(StandardCharsets.UTF_8),
                        ZnodePaths.OPEN,
                        NodeType.PERSISTENT_SEQUENTIAL.mode());

        assertThat(await(open(config(NodeType.PERSISTENT_SEQUENTIAL, false, null))
                        .announce(ENDPOINT)))
                .isEqualTo(left);
        assertThat(children()).hasSize(1);
        assertThat(text(registry.client().getData(left, false, null))).isEqualTo(JSON);
    }

    @Test
    void anEphemeralZnodeOfAnEarlierSessionIsReplaced() throws KeeperException, InterruptedException {
        registry.create(path);
        String left = registry.client()
                .create(
                        path + "/i-1_",
                        JSON.getBytes(StandardCharsets.UTF_8),
                        ZnodePaths.OPEN,
                        NodeType.EPHEMERAL.mode());
        long before = registry.client().exists(left, false).getCzxid();

        assertThat(await(open(config(NodeType.EPHEMERAL, false, null)).announce(ENDPOINT)))
                .isEqualTo(left);
        assertThat(registry.client().exists(left, false).getCzxid()).isGreaterThan(before);
    }

    @Test
    void aPersistentZnodeIsWrittenAgainWithinItsTimeToLive() throws KeeperException, InterruptedException {
        String created = await(
                open(config(NodeType.PERSISTENT, false, Duration.ofMillis(100))).announce(ENDPOINT));

        Eventually.holds(
                "three more writes",
                () -> quietly(() -> registry.client().exists(created, false)).getVersion() >= 3);
        assertThat(text(registry.client().getData(created, false, null))).isEqualTo(JSON);
    }

    @Test
    void registrationsOfOnePathKeepTheirZnodesApart() throws KeeperException, InterruptedException {
        NerveRegistration first = open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null));
        NerveRegistration equal = open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null));
        NerveRegistration otherPort = open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null));
        String one = await(first.announce(ENDPOINT));
        String two = await(equal.announce(ENDPOINT));
        String three = await(otherPort.announce(Endpoint.of("i-1", "10.0.0.1", 81)));
        assertThat(children()).hasSize(3);

        await(equal.withdraw());

        assertThat(registry.exists(one)).isTrue();
        assertThat(registry.exists(two)).isFalse();
        assertThat(registry.exists(three)).isTrue();
    }

    @Test
    void aNameThatAnotherRegistrationHasIsAFailure() throws KeeperException, InterruptedException {
        await(open(config(NodeType.EPHEMERAL, false, null)).announce(ENDPOINT));
        open(config(NodeType.EPHEMERAL, false, null)).announce(ENDPOINT);

        Eventually.holds("a failure", () -> events.stream().anyMatch(event -> event.contains("NODEEXISTS")));
        assertThat(children()).hasSize(1);
    }

    @Test
    void tellsWhatBecomesOfIt() throws IOException {
        try (Relay relay = new Relay(SERVER.connectString())) {
            NerveRegistration registration = open(ZooKeeperReporterConfig.of(List.of(relay.connectString()), path));
            String created = await(registration.announce(ENDPOINT));
            relay.cut();
            Eventually.holds(
                    "the loss is told",
                    () -> events.contains("failed: connection to " + relay.connectString() + " lost"));
            relay.mend();
            Eventually.holds(
                    "the return is told", () -> events.get(events.size() - 1).equals("announced " + created));
            await(registration.withdraw());
            Eventually.holds(
                    "the end is told", () -> events.get(events.size() - 1).equals("withdrawn"));
        }
    }

    @Test
    void whatTheRegistryIsAskedForIsToldWithItsOutcome() {
        NerveRegistration registration = open(config(NodeType.PERSISTENT_SEQUENTIAL, false, Duration.ofMillis(100)));
        await(registration.announce());
        Eventually.holds("a renewal is told", () -> answers.contains("RENEW DONE"));
        await(registration.announce(ENDPOINT.withWeight(6)));
        await(registration.withdraw());

        assertThat(answers.stream().distinct().toList())
                .containsExactlyInAnyOrder("client", "CREATE DONE", "RENEW DONE", "SAVE DONE", "DELETE DONE");
        open(config(NodeType.EPHEMERAL, false, null));
        assertThat(answers).endsWith("shared client");
    }

    @Test
    void whatTheClientRefusesIsTriedAgainAndHoldsUpNothing() {
        NerveRegistration registration = open(config(NodeType.EPHEMERAL_SEQUENTIAL, false, null));
        registration.announce(Endpoint.of("a\u0000b", "10.0.0.1", 80));
        Eventually.holds(
                "it is told twice",
                () -> events.stream()
                                .filter(event -> event.contains("null character"))
                                .count()
                        >= 2);

        assertThat(await(registration.announce(ENDPOINT))).startsWith(path + "/i-1_");
    }

    @Test
    void anInstanceIdThatCannotBeAZnodeIsRefused() {
        assertThatThrownBy(() -> new NerveRegistration(
                        ensembles, SERVER.connectString(), path, Endpoint.of("a/b", "10.0.0.1", 80)))
                .hasMessage("instance_id: 'a/b' (expected: a text without /)");
    }

    private ZooKeeperReporterConfig config(NodeType type, boolean encoded, @Nullable Duration ttl) {
        return new ZooKeeperReporterConfig(List.of(SERVER.connectString()), path, type, encoded, ttl);
    }

    private NerveRegistration open(ZooKeeperReporterConfig config) {
        NerveRegistration registration = new NerveRegistration(ensembles, config, ENDPOINT, new RegistrationObserver() {
            @Override
            public void onAnnounced(String where) {
                events.add("announced " + where);
            }

            @Override
            public void onWithdrawn() {
                events.add("withdrawn");
            }

            @Override
            public void onFailed(String error) {
                events.add("failed: " + error);
            }

            @Override
            public void onAnswered(Operation operation, long nanos, Answer answer) {
                assertThat(nanos).isNotNegative();
                answers.add(operation + " " + answer);
            }

            @Override
            public void onClient(boolean shared) {
                answers.add(shared ? "shared client" : "client");
            }
        });
        opened.add(registration);
        return registration;
    }

    private List<String> children() throws KeeperException, InterruptedException {
        return registry.client().getChildren(path, false);
    }

    private static String await(CompletionStage<@Nullable String> done) {
        return Objects.requireNonNullElse(
                done.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join(), "");
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    private static <T> T quietly(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (KeeperException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private interface Asking<T> {
        T ask() throws KeeperException, InterruptedException;
    }
}
