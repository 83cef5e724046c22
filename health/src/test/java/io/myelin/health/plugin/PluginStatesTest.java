package io.myelin.health.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of plugins, with time and the network in the hands of the test. */
class PluginStatesTest {
    private static final Duration REFRESH = Duration.ofMinutes(2);
    private static final RandomSource LONGEST = bound -> bound - 1;

    private final FakeClock clock = new FakeClock();
    private final FakePluginLoop loop = new FakePluginLoop(clock);
    private final FakeNetwork network = new FakeNetwork(loop);
    private final PluginRegistry registry = registry(LONGEST);
    private final EndpointSink kubernetes = registry.discovered("kubernetes");

    @Test
    void scenario24RegistersWhatSaysAnIdAndATag() {
        network.put("h:1", "P1");
        network.put("h:2", "");
        network.put("h:3", "P3").tag("");
        configure("h:1", "h:2", "h:3");

        assertThat(registry.list()).extracting(PluginView::id).containsExactly("P1");
        PluginView plugin = view("P1");
        assertThat(plugin.active()).isTrue();
        assertThat(plugin.disabled()).isFalse();
        assertThat(plugin.address()).isEqualTo(PluginAddress.tcp("h:1"));
        assertThat(plugin.reason()).isEqualTo("answers at h:1");
        assertThat(plugin.sinceMillis()).isEqualTo(clock.wallMillis());
        assertThat(plugin.connects()).isEqualTo(1);
    }

    @Test
    void scenario25ListsWhatWasDownAtTheStartAfterTheNextRefresh() {
        network.put("h:1", "P1");
        network.put("h:2", "P2").up(false);
        configure("h:1", "h:2");
        assertThat(registry.list()).extracting(PluginView::id).containsExactly("P1");
        assertThat(registry.unregistered())
                .containsExactly(new Plugins.Unregistered(PluginAddress.tcp("h:2"), "UNAVAILABLE: refused"));

        network.put("h:2", "P2");
        refresh();
        assertThat(registry.list()).hasSize(2).allMatch(PluginView::active);
        assertThat(registry.unregistered()).isEmpty();
        assertThat(loop.timers()).as("the next look only").isEqualTo(1);
    }

    @Test
    void scenario25LooksThereBeforeTheNextRefreshToo() {
        FakeNetwork.Host host = network.put("h:1", "P1").up(false);
        configure("h:1");
        refresh();
        assertThat(loop.timers()).as("one retry, and the next look").isEqualTo(2);
        host.up(true);
        int calls = host.calls();
        loop.advance(Duration.ofMillis(1_999));
        assertThat(host.calls()).isEqualTo(calls);
        loop.advance(Duration.ofMillis(1));
        assertThat(view("P1").active()).isTrue();
        assertThat(loop.timers()).isEqualTo(1);

        network.put("h:2", "").up(false);
        configure("h:2");
        configure();
        assertThat(loop.timers()).as("nobody asks an address that is not named").isEqualTo(1);
    }

    @Test
    void scenario26AndAReasonWithATime() {
        FakeNetwork.Host host = network.put("h:1", "P1");
        configure("h:1");
        clock.advance(Duration.ofSeconds(7));
        host.up(false);
        read("P1");

        assertThat(view("P1").active()).isFalse();
        assertThat(view("P1").reason()).isEqualTo("UNAVAILABLE: refused");
        assertThat(view("P1").sinceMillis()).isEqualTo(clock.wallMillis());
        assertThat(view("P1").reconnecting()).isTrue();
        assertThat(view("P1").disconnects()).isEqualTo(1);
    }

    @Test
    void scenario27TriesAgainAfterLongerAndLongerWaits() {
        FakeNetwork.Host host = network.put("h:1", "P1");
        registry.follow(new PluginConfig(
                List.of(PluginAddress.tcp("h:1")), Duration.ofDays(1), PluginConfig.DEFAULT_TIMEOUT, null));
        loop.run();
        host.testedNanos().clear();
        host.up(false);
        long startNanos = clock.nanoTime();
        for (int i = 0; i < 5; i++) {
            read("P1");
        }
        assertThat(loop.timers()).as("one reconnection, and the next look").isEqualTo(2);
        loop.advance(Duration.ofMinutes(35));

        assertThat(host.testedNanos().stream().map(at -> (at - startNanos) / 1_000_000_000))
                .containsExactly(0L, 2L, 6L, 14L, 30L, 62L, 126L, 254L, 510L, 1022L, 1534L, 2046L);

        host.up(true);
        loop.advance(Duration.ofSeconds(512));
        assertThat(view("P1").active()).isTrue();
        assertThat(view("P1").reconnecting()).isFalse();
        assertThat(view("P1").connects()).isEqualTo(2);
        int tested = host.testedNanos().size();
        loop.advance(Duration.ofHours(1));
        assertThat(host.testedNanos()).as("attempts stop").hasSize(tested);
    }

    @Test
    void scenario27WaitsAnythingUpToTheBound() {
        Random random = new Random(7);
        FullJitter waits = new FullJitter(random::nextInt);
        List<Long> millis = new ArrayList<>();
        for (int k = 1; k <= 40; k++) {
            long wait = waits.next().toMillis();
            assertThat(wait).isBetween(0L, 1_000L << Math.min(k, 9));
            millis.add(wait);
        }
        assertThat(millis.subList(9, 40)).anyMatch(wait -> wait > 400_000).anyMatch(wait -> wait < 100_000);
    }

    @Test
    void scenario28DisablesWhatNoSourceNamesAndCallsItNoMore() {
        FakeNetwork.Host host = network.put("10.0.0.1:5001", "P1");
        configure();
        discover("10.0.0.1");
        assertThat(view("P1").active()).isTrue();
        host.up(false);
        read("P1");
        assertThat(view("P1").reconnecting()).isTrue();

        host.up(true);
        discover();
        int calls = host.calls();
        for (int i = 0; i < 3; i++) {
            refresh();
            loop.advance(REFRESH);
        }
        read("P1");
        PluginView gone = view("P1");
        assertThat(gone.disabled()).isTrue();
        assertThat(gone.active()).isFalse();
        assertThat(gone.reconnecting()).isFalse();
        assertThat(gone.disconnects()).isEqualTo(1);
        assertThat(gone.reason()).isEqualTo("no source names 10.0.0.1:5001 any more");
        assertThat(host.calls()).as("calls to the old address").isEqualTo(calls);
        assertThat(network.callsOnClosedLinks()).isZero();

        discover("10.0.0.1");
        assertThat(view("P1").active()).isTrue();
        assertThat(view("P1").disabled()).isFalse();
        assertThat(view("P1").connects()).isEqualTo(2);
    }

    @Test
    void scenario28NamedAgainButDeadIsInactiveAndTriedAgain() {
        FakeNetwork.Host host = network.put("10.0.0.1:5001", "P1");
        configure();
        discover("10.0.0.1");
        discover();
        host.up(false);
        discover("10.0.0.1");

        assertThat(view("P1").disabled()).isFalse();
        assertThat(view("P1").active()).isFalse();
        assertThat(view("P1").reconnecting()).isTrue();
        host.up(true);
        loop.advance(Duration.ofSeconds(2));
        assertThat(view("P1").active()).isTrue();
    }

    @Test
    void scenario29FollowsAPluginToItsNewAddressInTheSameRefresh() {
        network.put("10.0.0.1:5001", "P1");
        configure();
        discover("10.0.0.1");
        network.remove("10.0.0.1:5001");
        network.put("10.0.0.9:5001", "P1");
        discover("10.0.0.9");

        assertThat(registry.list()).hasSize(1);
        assertThat(view("P1").active()).isTrue();
        assertThat(view("P1").disabled()).isFalse();
        assertThat(view("P1").address()).isEqualTo(PluginAddress.tcp("10.0.0.9:5001"));
        assertThat(view("P1").reason()).isEqualTo("answers at 10.0.0.9:5001, before at 10.0.0.1:5001");
        assertThat(network.links()).isEqualTo(1);
    }

    @Test
    void scenario29FollowsAPluginWhoseOldAddressIsStillNamedAndDead() {
        network.put("10.0.0.1:5001", "P1");
        configure();
        discover("10.0.0.1");
        network.remove("10.0.0.1:5001");
        network.put("10.0.0.9:5001", "P1");
        discover("10.0.0.1", "10.0.0.9");

        assertThat(view("P1").active()).isTrue();
        assertThat(view("P1").address()).isEqualTo(PluginAddress.tcp("10.0.0.9:5001"));
        assertThat(view("P1").collisions()).isEmpty();
        assertThat(loop.timers()).as("the next look only").isEqualTo(1);
    }

    @Test
    void scenario30KeepsWhatAStaleSourceNamedLast() {
        network.put("10.0.0.1:5001", "P1");
        configure();
        discover("10.0.0.1");
        kubernetes.status(
                new SourceStatus("kubernetes", SourceStatus.State.STALE, clock.wallMillis(), 1, "HTTP status 500"));
        refresh();

        assertThat(view("P1").active()).isTrue();
        assertThat(registry.sources())
                .extracting(SourceStatus::source, SourceStatus::state, SourceStatus::error)
                .containsExactly(
                        tuple("configuration", SourceStatus.State.LIVE, ""),
                        tuple("kubernetes", SourceStatus.State.STALE, "HTTP status 500"));
    }

    @Test
    void keepsTheFirstOfTwoWithOneIdAndListsTheOther() {
        network.put("h:1", "P1");
        configure("h:1");
        FakeNetwork.Host other = network.put("h:2", "P1");
        configure("h:1", "h:2");
        refresh();
        assertThat(view("P1").address().text()).isEqualTo("h:1");
        assertThat(view("P1").collisions()).containsExactly(PluginAddress.tcp("h:2"));

        network.remove("h:1");
        read("P1");
        assertThat(view("P1").active()).as("the other one takes over at once").isTrue();
        assertThat(view("P1").address().text()).isEqualTo("h:2");
        assertThat(view("P1").collisions()).isEmpty();
        assertThat(other.calls()).isPositive();

        network.put("h:1", "P1");
        refresh();
        assertThat(view("P1").address().text()).as("and stays").isEqualTo("h:2");
        assertThat(view("P1").collisions()).containsExactly(PluginAddress.tcp("h:1"));
        configure("h:2");
        assertThat(view("P1").collisions()).isEmpty();
    }

    @Test
    void noticesThatSomebodyElseAnswersAtAnAddress() {
        FakeNetwork.Host host = network.put("h:1", "P1");
        configure("h:1");
        host.become("Q");
        refresh();

        assertThat(view("Q").active()).isTrue();
        assertThat(view("P1").disabled()).isTrue();
        assertThat(view("P1").reason()).isEqualTo("h:1 is Q now");
        host.become("P1");
        refresh();
        assertThat(view("P1").active()).isTrue();
        assertThat(view("Q").disabled()).isTrue();
        assertThat(network.links()).isEqualTo(1);
    }

    @Test
    void noticesThatTwoPluginsChangedPlaces() {
        FakeNetwork.Host first = network.put("h:1", "A");
        FakeNetwork.Host second = network.put("h:2", "B");
        configure("h:1", "h:2");
        first.become("B");
        second.become("A");
        refresh();
        refresh();

        assertThat(view("A").address().text()).isEqualTo("h:2");
        assertThat(view("B").address().text()).isEqualTo("h:1");
        assertThat(registry.list()).hasSize(2).allMatch(PluginView::active).noneMatch(PluginView::disabled);
    }

    @Test
    void scenario32OneLookServesAllWhoAskForOne() {
        FakeNetwork.Host host = network.put("h:1", "P1").silent(true);
        network.put("h:2", "P2");
        configure("h:1", "h:2");
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(registry.refresh().toCompletableFuture());
        }
        loop.run();
        assertThat(host.calls()).as("all share the look that is under way").isEqualTo(1);
        assertThat(registry.list()).as("it does not wait for the silent one").hasSize(1);
        assertThat(asked).noneMatch(CompletableFuture::isDone);

        loop.advance(FakeNetwork.TIMEOUT);
        assertThat(asked).allMatch(CompletableFuture::isDone);
        host.silent(false);
        refresh();
        assertThat(host.calls()).isEqualTo(2);
        assertThat(registry.list()).hasSize(2);
    }

    @Test
    void aLookIsNotContentWithAnAttemptThatBeganBeforeIt() {
        FakeNetwork.Host host = network.put("h:1", "P1");
        configure("h:1");
        host.silent(true);
        read("P1");
        loop.advance(FakeNetwork.TIMEOUT);
        assertThat(view("P1").reconnecting()).isTrue();
        host.silent(false);
        CompletableFuture<?> look = registry.refresh().toCompletableFuture();
        loop.run();
        assertThat(look).as("while the attempt waits for an answer").isNotDone();
        loop.advance(FakeNetwork.TIMEOUT);
        assertThat(look).isDone();
        assertThat(view("P1").active()).isTrue();
    }

    @Test
    void aChangeDuringALookIsPartOfIt() {
        network.put("h:1", "P1").silent(true);
        network.put("10.0.0.1:5001", "P2");
        configure("h:1");
        CompletableFuture<?> look = registry.refresh().toCompletableFuture();
        discover("10.0.0.1");
        assertThat(view("P2").active()).as("at once").isTrue();
        assertThat(look).isNotDone();
        loop.advance(FakeNetwork.TIMEOUT);
        assertThat(look).isDone();
    }

    @Test
    void aNewConfigurationKeepsThePluginsThatStay() {
        network.put("h:1", "P1");
        network.put("h:2", "P2");
        network.put("h:3", "P3");
        configure("h:1", "h:2");
        configure("h:2", "h:3");

        assertThat(view("P1").disabled()).isTrue();
        assertThat(view("P2").connects()).isEqualTo(1);
        assertThat(view("P2").disconnects()).isZero();
        assertThat(view("P3").active()).isTrue();
        assertThat(loop.timers()).as("one timer for looks").isEqualTo(1);

        discover("10.0.0.7");
        network.put("10.0.0.7:5001", "P7");
        refresh();
        registry.withdraw("kubernetes");
        loop.run();
        assertThat(view("P7").disabled()).isTrue();
        assertThat(registry.sources()).hasSize(1);
    }

    @Test
    void whoWaitsWhenItEndsHearsOfIt() {
        network.put("h:1", "P1").silent(true);
        configure("h:1");
        CompletableFuture<?> look = registry.refresh().toCompletableFuture();
        registry.close();
        loop.run();
        assertThat(look).isCompletedExceptionally();
        assertThat(registry.refresh().toCompletableFuture()).isCompletedExceptionally();
        assertThat(loop.timers()).as("but for the call that is not answered").isEqualTo(1);
        assertThat(network.links()).isZero();
    }

    /** Two minutes of 200 plugins, of which 100 come and go as they like. */
    @Test
    void twoHundredPluginsOfWhichHalfFlap() {
        Random random = new Random(42);
        PluginRegistry many = registry(random::nextInt);
        List<FakeNetwork.Host> hosts = new ArrayList<>();
        List<PluginAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            hosts.add(network.put("f:" + (i + 1), "F" + i));
            addresses.add(PluginAddress.tcp("f:" + (i + 1)));
        }
        many.follow(new PluginConfig(addresses, Duration.ofSeconds(10), PluginConfig.DEFAULT_TIMEOUT, null));
        loop.run();
        int flips = 0;
        for (int tenth = 1; tenth <= 1_200; tenth++) {
            loop.advance(Duration.ofMillis(100));
            if (tenth % 100 == 0) {
                assertTrue(many, hosts);
            }
            for (int i = 0; i < 100; i++) {
                if (random.nextInt(40) == 0) {
                    hosts.get(i).up(!hosts.get(i).up());
                    flips++;
                }
            }
            for (int i = 0; i < 5; i++) {
                many.of("F" + random.nextInt(200)).orElseThrow().read(Selector.ALL);
            }
            loop.run();
            long reconnecting =
                    many.list().stream().filter(PluginView::reconnecting).count();
            assertThat(loop.timers())
                    .as("one reconnection for each that is away, and the next look")
                    .isEqualTo((int) reconnecting + 1);
            assertThat(many.list()).allMatch(plugin -> plugin.active() != plugin.reconnecting());
        }
        assertThat(flips).isGreaterThan(1_000);
        assertThat(network.links()).isEqualTo(200);
        assertThat(many.list().subList(0, 200))
                .allMatch(plugin -> plugin.connects() - plugin.disconnects() == (plugin.active() ? 1 : 0));
    }

    private static void assertTrue(PluginRegistry many, List<FakeNetwork.Host> hosts) {
        assertThat(IntStream.range(0, hosts.size())
                        .filter(i -> many.find("F" + i).orElseThrow().active()
                                != hosts.get(i).up()))
                .as("plugins whose state is not true right after a look")
                .isEmpty();
    }

    private PluginRegistry registry(RandomSource random) {
        return new PluginRegistry(loop, network, new CallLedger(), clock, random);
    }

    private void configure(String... addresses) {
        registry.follow(new PluginConfig(
                List.of(addresses).stream().map(PluginAddress::tcp).toList(),
                REFRESH,
                PluginConfig.DEFAULT_TIMEOUT,
                null));
        loop.run();
    }

    private void discover(String... hosts) {
        kubernetes.replace(new EndpointSet(
                "plugins",
                List.of(hosts).stream().map(host -> Endpoint.of("", host, 5001)).toList(),
                "kubernetes"));
        loop.run();
    }

    private void refresh() {
        CompletableFuture<?> look = registry.refresh().toCompletableFuture();
        loop.run();
        assertThat(look).isCompleted();
    }

    private void read(String id) {
        registry.of(id).orElseThrow().read(Selector.ALL);
        loop.run();
    }

    private PluginView view(String id) {
        return registry.find(id).orElseThrow();
    }
}
