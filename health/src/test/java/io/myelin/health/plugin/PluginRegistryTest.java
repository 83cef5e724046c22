package io.myelin.health.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins over real sockets. */
@Timeout(60)
class PluginRegistryTest {
    private static final Device LAMP = new Device(
            "2024-01-01T00:00:00Z",
            "lamp-1",
            "led",
            "P1",
            "a lamp",
            "lamp",
            Map.of("model", "x"),
            "rw",
            List.of("color", "state"),
            List.of(Tag.parse("default/kind:light"), Tag.parse("system/id:lamp-1")),
            List.of(new Device.Output("state", "state", 0, 1.5, new Unit("", ""))),
            7);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** As short as a busy machine allows; only of calls that do not end, or that take all the time they get. */
    private static final Duration HASTE = Duration.ofMillis(700);

    private final PluginEmulator plugin = PluginEmulator.start("P1");
    private final List<AutoCloseable> others = new ArrayList<>();
    private @Nullable PluginRegistry registry;
    private @Nullable GrpcDialer dialer;

    @AfterEach
    void stop() throws Exception {
        if (registry != null) {
            registry.close();
        }
        plugin.close();
        for (AutoCloseable other : others) {
            other.close();
        }
    }

    @Test
    void scenario24RegistersAndSpeaksToAPlugin() {
        plugin.device(
                LAMP,
                reading(20.5),
                reading("on"),
                reading(true),
                reading(7L),
                reading(new RawText("{}")),
                reading(null));
        PluginRegistry plugins = start(plugin.address());

        PluginView view = plugins.find("P1").orElseThrow();
        assertThat(view.identity())
                .isEqualTo(new PluginView.Identity(
                        "emulator", "myelin", "emulator/P1", "an emulated plugin", "example.org/emulator", "P1"));
        assertThat(view.version().sdkVersion()).isEqualTo("3.0.0");
        assertThat(view.active()).isTrue();
        PluginCalls calls = plugins.of("P1").orElseThrow();
        assertThat(join(calls.devices(Selector.ALL))).containsExactly(LAMP);
        assertThat(join(calls.read(Selector.device("lamp-1"))))
                .extracting(Reading::value)
                .containsExactly(20.5, "on", true, 7L, new RawText("{}"), null);
        assertThat(join(calls.read(Selector.tagged(List.of(Tag.parse("default/kind:light"))))))
                .hasSize(6);
        assertThat(join(calls.read(Selector.tagged(List.of(Tag.parse("default/kind:other"))))))
                .isEmpty();
        PluginHealth health = join(calls.health());
        assertThat(health.status()).isEqualTo(PluginHealth.Status.OK);
        assertThat(health.checks()).extracting(PluginHealth.Check::name).containsExactly("bus");
        assertThat(plugins.of("nope")).isEmpty();
    }

    @Test
    void writes() {
        plugin.device(LAMP);
        PluginCalls calls = start(plugin.address()).of("P1").orElseThrow();
        plugin.writes(Transaction.Status.WRITING, "");
        List<WriteOrder> orders = join(calls.writeAsync(
                Selector.device("lamp-1"),
                List.of(new WriteCommand("color", "ff0000", ""), new WriteCommand("state", "on", "mine"))));
        assertThat(orders).extracting(WriteOrder::id).containsExactly("transaction-1", "mine");
        assertThat(orders.get(0).command().content()).isEqualTo("ff0000");
        assertThat(plugin.written()).containsExactly("lamp-1 color ff0000", "lamp-1 state on");
        assertThat(join(calls.transaction("mine")).status()).isEqualTo(Transaction.Status.WRITING);
        plugin.progress("mine", Transaction.Status.ERROR, "no bus");
        assertThat(join(calls.transactions()))
                .extracting(Transaction::id, Transaction::status, Transaction::message)
                .containsExactlyInAnyOrder(
                        tuple("mine", Transaction.Status.ERROR, "no bus"),
                        tuple("transaction-1", Transaction.Status.WRITING, ""));
        plugin.writes(Transaction.Status.DONE, "");
        assertThat(join(calls.writeSync(Selector.device("lamp-1"), List.of(new WriteCommand("state", "off", "")))))
                .extracting(Transaction::status)
                .containsExactly(Transaction.Status.DONE);
        assertThat(failure(calls.writeAsync(Selector.device("nope"), List.of(new WriteCommand("a", "", ""))))
                        .kind())
                .isEqualTo(PluginCallException.Kind.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT_FOUND", "INVALID_ARGUMENT", "UNKNOWN"})
    void scenario26ErrorsOfThePluginLeaveItActive(String status) {
        PluginRegistry plugins = start(plugin.address());
        plugin.fail("Read", status);
        PluginCallException failure = failure(plugins.of("P1").orElseThrow().read(Selector.ALL));

        assertThat(failure.kind()).isNotEqualTo(PluginCallException.Kind.UNREACHABLE);
        assertThat(failure).hasMessage("emulated " + status);
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "INTERNAL", "UNIMPLEMENTED", "DEADLINE_EXCEEDED"})
    void scenario26OneErrorBelowThePluginMakesItInactive(String status) {
        PluginRegistry plugins = start(plugin.address());
        plugin.fail(PluginEmulator.EVERY_METHOD, status);
        PluginCallException failure = failure(plugins.of("P1").orElseThrow().read(Selector.ALL));

        assertThat(failure.kind()).isEqualTo(PluginCallException.Kind.UNREACHABLE);
        PluginView inactive = plugins.find("P1").orElseThrow();
        assertThat(inactive.active()).as("when the caller hears of it").isFalse();
        assertThat(inactive.reason()).startsWith(status);
        assertThat(inactive.reconnecting()).isTrue();

        plugin.answer(PluginEmulator.EVERY_METHOD);
        join(plugins.refresh());
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
    }

    @Test
    void scenario26NoAnswerInTimeAndACutConnection() {
        PluginRegistry plugins = startOwn(plugin.address());
        plugin.hang("Read");
        assertThat(failure(hasty(() -> plugins.of("P1").orElseThrow().read(Selector.ALL))))
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        Await.until("connected again", () -> plugins.find("P1").orElseThrow().connects() == 2);

        plugin.answer("Read");
        plugin.down();
        assertThat(failure(plugins.of("P1").orElseThrow().read(Selector.ALL))).hasMessageStartingWith("UNAVAILABLE");
        assertThat(plugins.find("P1").orElseThrow().active()).isFalse();
        assertThat(failure(plugins.of("P1").orElseThrow().read(Selector.ALL)))
                .hasMessageContaining("Connection refused");
        plugin.up();
        join(plugins.refresh());
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isEqualTo(2);
    }

    @Test
    void scenario28ADisabledPluginIsNotReached() {
        PluginRegistry plugins = start(plugin.address());
        PluginCalls calls = plugins.of("P1").orElseThrow();
        plugins.follow(config(Duration.ofSeconds(3)));
        Await.until("disabled", () -> plugins.find("P1").orElseThrow().disabled());
        int before = plugin.calls();

        assertThat(failure(calls.read(Selector.ALL)))
                .hasMessageContaining("plugin P1 is disabled: no source names 127.0.0.1");
        Collector heard = new Collector();
        calls.readStream(List.of(), heard).cancel();
        assertThat(heard.failures).hasSize(1);
        join(plugins.refresh());
        assertThat(plugin.calls()).isEqualTo(before);
        Await.until("its connection is closed", () -> plugin.connections() == 0);
    }

    @Test
    void scenario33SpeaksToUnixSockets(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("emu.sock");
        PluginEmulator unix = PluginEmulator.of("U").unix(path).start();
        others.add(unix);
        PluginRegistry plugins = start(PluginAddress.unix(path.toString()));
        assertThat(plugins.find("U").orElseThrow().address().text()).isEqualTo("unix:" + path);
        for (int i = 0; i < 10; i++) {
            join(plugins.refresh());
        }
        assertThat(plugins.find("U").orElseThrow().active()).isTrue();
        assertThat(plugins.find("U").orElseThrow().connects()).isEqualTo(1);
        assertThat(plugins.find("U").orElseThrow().disconnects()).isZero();
        unix.down();
        assertThat(failure(plugins.of("U").orElseThrow().health())).hasMessageStartingWith("UNAVAILABLE");
        Files.deleteIfExists(path);
    }

    @Test
    void scenario33ANameIsASocketInSynsesDirectory() {
        assertThat(PluginAddress.unix("emu.sock").text()).isEqualTo("unix:/tmp/synse/emu.sock");
        assertThat(PluginAddress.unix("unix:/tmp/synse/emu.sock")).isEqualTo(PluginAddress.unix("emu.sock"));
        assertThat(PluginAddress.unix("/run/emu.sock").text()).isEqualTo("unix:/run/emu.sock");
    }

    @Test
    void scenario34HealthIsAskedOfAllAtATime() {
        PluginEmulator second = PluginEmulator.start("P2");
        PluginEmulator third = PluginEmulator.start("P3");
        others.add(second);
        others.add(third);
        PluginRegistry plugins = startOwn(plugin.address(), second.address(), third.address());
        second.health(PluginHealth.Status.FAILING);
        third.hang(PluginEmulator.EVERY_METHOD);
        List<CompletionStage<PluginHealth>> asked = List.of(
                plugins.of("P1").orElseThrow().health(),
                plugins.of("P2").orElseThrow().health(),
                hasty(() -> plugins.of("P3").orElseThrow().health()));

        assertThat(join(asked.get(0)).status()).isEqualTo(PluginHealth.Status.OK);
        assertThat(join(asked.get(1)).status()).isEqualTo(PluginHealth.Status.FAILING);
        assertThat(failure(asked.get(2)).kind()).isEqualTo(PluginCallException.Kind.UNREACHABLE);
        assertThat(plugins.list()).extracting(PluginView::active).containsExactly(true, true, false);
    }

    @Test
    void scenario38CountsConnectionsAndCalls() {
        PluginRegistry plugins = start(plugin.address());
        plugin.device(LAMP, reading(1.0), reading(2.0));
        plugin.cut();
        PluginCalls calls = plugins.of("P1").orElseThrow();
        plugin.fail("Health", "UNAVAILABLE");
        failure(calls.health());
        Await.until("connected again", () -> plugins.find("P1").orElseThrow().active());
        join(calls.read(Selector.ALL));

        PluginView view = plugins.find("P1").orElseThrow();
        assertThat(view.connects()).isEqualTo(2);
        assertThat(view.disconnects()).isEqualTo(1);
        CallCount reads = count(plugins, "Read");
        assertThat(reads.plugin()).isEqualTo("P1");
        assertThat(reads.streaming()).isTrue();
        assertThat(reads.sent()).isEqualTo(1);
        assertThat(reads.received()).isEqualTo(2);
        assertThat(reads.seconds()).isPositive();
        assertThat(reads.buckets()).hasSize(CallCount.BOUNDS.size() + 1);
        assertThat(reads.buckets().get(CallCount.BOUNDS.size())).isEqualTo(1);
        assertThat(count(plugins, "Metadata").plugin())
                .as("also before it was known")
                .isEqualTo("P1");
        assertThat(count(plugins, "Test").streaming()).isFalse();
    }

    @Test
    void streamsReadingsNoFasterThanTheyAreTaken() {
        plugin.device(LAMP);
        PluginRegistry plugins = startOwn(plugin.address());
        Collector heard = new Collector();
        PluginCalls.Stream stream =
                hasty(() -> plugins.of("P1").orElseThrow().readStream(List.of(Selector.device("lamp-1")), heard));
        Await.until("the stream", () -> plugin.streams() == 1);
        for (int i = 0; i < 40; i++) {
            plugin.emit(reading((double) i));
        }
        Await.until("as many as are allowed", () -> heard.messages.size() == 16);
        Await.until("longer than the limit of other calls", new After(HASTE.plusMillis(100))::passed);
        assertThat(heard.messages).as("no more than were allowed").hasSize(16);
        assertThat(heard.failures).as("without a deadline").isEmpty();
        stream.request(100);
        Await.until("the rest", () -> heard.messages.size() == 40);
        stream.cancel();
        Await.until("the plugin knows", () -> plugin.streams() == 0);
        assertThat(heard.failures).isEmpty();
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();

        Collector second = new Collector();
        plugins.of("P1").orElseThrow().readStream(List.of(), second);
        Await.until("the stream", () -> plugin.streams() == 1);
        plugin.down();
        Await.until("the end", () -> second.failures.size() == 1);
        assertThat(plugins.find("P1").orElseThrow().active()).isFalse();
    }

    @Test
    void remembersReadingsAndWaitsForSlowReaders() {
        Reading[] readings = new Reading[50];
        for (int i = 0; i < readings.length; i++) {
            readings[i] = reading((double) i);
        }
        plugin.device(LAMP, readings);
        PluginRegistry plugins = startOwn(plugin.address());
        PluginCalls calls = plugins.of("P1").orElseThrow();
        Collector heard = new Collector();
        PluginCalls.Stream stream = hasty(() -> calls.readCache("", "", heard));
        Await.until("as many as are allowed", () -> heard.messages.size() == 16);
        Await.until("longer than the limit", new After(HASTE.plusMillis(100))::passed);
        stream.request(100);
        Await.until("the rest", () -> heard.ended);
        assertThat(heard.messages).hasSize(50);

        plugin.hang("ReadCache");
        Collector silent = new Collector();
        hasty(() -> calls.readCache("", "", silent));
        Await.until("gave up", () -> !silent.failures.isEmpty());
        assertThat(silent.failures.get(0)).hasMessage("DEADLINE_EXCEEDED: nothing came for 700 ms");
    }

    @Test
    void aReceiverThatFailsHarmsItsOwnCallOnly() {
        plugin.device(LAMP, reading(1.0));
        PluginRegistry plugins = start(plugin.address());
        Collector heard = new Collector() {
            @Override
            public void next(Reading message) {
                throw new IllegalStateException("of the test");
            }
        };
        plugins.of("P1").orElseThrow().readCache("", "", heard);
        Await.until("the end", () -> heard.failures.size() == 1);
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();
    }

    @Test
    void aPluginThatComesAndGoesCostsNoThreadsAndNoConnections() {
        PluginRegistry plugins = start(plugin.address());
        int threads = Thread.activeCount();
        for (int i = 0; i < 20; i++) {
            plugin.down();
            failure(plugins.of("P1").orElseThrow().health());
            plugin.up();
            join(plugins.refresh());
            assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        }
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        Await.until("one connection", () -> plugin.connections() == 1);
        assertThat(plugins.find("P1").orElseThrow().connects()).isEqualTo(21);
    }

    @Test
    void anAddressThatIsNoneHarmsNobodyElse() {
        PluginRegistry plugins =
                start(PluginAddress.tcp("nonsense"), PluginAddress.tcp("no host:70000"), plugin.address());
        assertThat(plugins.list()).extracting(PluginView::id).containsExactly("P1");
    }

    @Test
    void namesOfHosts() {
        String tooLong = "no_such_" + "x".repeat(64);
        PluginRegistry plugins =
                start(PluginAddress.tcp("localhost:" + plugin.port()), PluginAddress.tcp(tooLong + ":5001"));
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        assertThat(plugins.unregistered()).hasSize(1);
        assertThat(plugins.unregistered().get(0).reason()).startsWith("UNAVAILABLE: no such host: " + tooLong);
    }

    @Test
    void namesThatUrisDoNotHave() {
        ManagedChannel channel = NettyChannelBuilder.forTarget(LooseNames.target("localhost", plugin.port()))
                .usePlaintext()
                .directExecutor()
                .build();
        try {
            assertThat(V3PluginGrpc.newBlockingStub(channel)
                            .metadata(Empty.getDefaultInstance())
                            .getId())
                    .isEqualTo("P1");
        } finally {
            channel.shutdownNow();
        }
        assertThat(LooseNames.needed("my_plugin")).isTrue();
        assertThat(LooseNames.needed("my-plugin.example")).isFalse();
    }

    private PluginRegistry start(PluginAddress... addresses) {
        try {
            return looked(PluginRegistry.start(config(PATIENCE, addresses), Clock.SYSTEM, RandomSource.SYSTEM));
        } catch (UnusableTlsException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts one for whose calls {@link #hasty} sets limits. */
    private PluginRegistry startOwn(PluginAddress... addresses) {
        CallLedger ledger = new CallLedger();
        PluginThreads threads = new PluginThreads();
        GrpcDialer own = new GrpcDialer(threads, within(PATIENCE), Clock.SYSTEM, ledger);
        PluginRegistry plugins = new PluginRegistry(threads, own, ledger, Clock.SYSTEM, RandomSource.SYSTEM);
        dialer = own;
        plugins.follow(config(PATIENCE, addresses));
        return looked(plugins);
    }

    private PluginRegistry looked(PluginRegistry started) {
        registry = started;
        join(started.refresh());
        return started;
    }

    /** Makes a call within {@link #HASTE}, whatever time others have. */
    private <T> T hasty(Supplier<T> call) {
        GrpcDialer own = Objects.requireNonNull(dialer);
        own.settings(within(HASTE));
        T made = call.get();
        own.settings(within(PATIENCE));
        return made;
    }

    private static GrpcDialer.Settings within(Duration timeout) {
        return new GrpcDialer.Settings(timeout, null, null);
    }

    private static PluginConfig config(Duration timeout, PluginAddress... addresses) {
        return new PluginConfig(List.of(addresses), Duration.ofMinutes(2), timeout, null);
    }

    private static CallCount count(PluginRegistry plugins, String method) {
        List<CallCount> found = plugins.calls().stream()
                .filter(count -> count.method().equals(method))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static PluginCallException failure(CompletionStage<?> stage) {
        Throwable thrown = catchThrowable(() -> join(stage));
        assertThat(thrown).isInstanceOf(CompletionException.class);
        assertThat(thrown.getCause()).isInstanceOf(PluginCallException.class);
        return (PluginCallException) thrown.getCause();
    }

    private static Reading reading(@Nullable Object value) {
        return new Reading("lamp-1", "2024-01-01T00:00:00Z", "state", "led", "a lamp", Map.of("a", "b"), null, value);
    }

    /** Keeps what it hears. */
    private static class Collector implements PluginCalls.Receiver<Reading> {
        final List<Reading> messages = new CopyOnWriteArrayList<>();
        final List<PluginCallException> failures = new CopyOnWriteArrayList<>();
        volatile boolean ended;

        @Override
        public void next(Reading message) {
            messages.add(message);
        }

        @Override
        public void ended() {
            ended = true;
        }

        @Override
        public void failed(PluginCallException reason) {
            failures.add(reason);
        }
    }

    /** A moment to come. */
    private record After(long atNanos) {
        private After(Duration wait) {
            this(System.nanoTime() + wait.toNanos());
        }

        boolean passed() {
            return System.nanoTime() - atNanos >= 0;
        }
    }
}
