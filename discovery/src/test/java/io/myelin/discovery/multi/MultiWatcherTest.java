package io.myelin.discovery.multi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fixed.FixedProvider;
import io.myelin.discovery.multi.ResolverConfig.Nobody;
import io.myelin.discovery.multi.ResolverConfig.Sequential;
import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.multi.ResolverConfig.Union;
import io.myelin.discovery.multi.ScriptedProvider.Script;
import io.myelin.discovery.multi.ScriptedProvider.Source;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.s3.ObjectReader;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus.Part;
import io.myelin.model.SourceStatus.State;
import io.myelin.pool.ChildRules;
import io.myelin.pool.LabelFilter;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.Selection;
import io.myelin.testing.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class MultiWatcherTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);
    private static final Endpoint C = Endpoint.of("c", "10.0.0.3", 80);
    private static final Endpoint D = Endpoint.of("d", "10.0.0.9", 80);
    private static final ChildRules PLAIN = new ChildRules(MembershipRules.DEFAULT, Selection.ALL);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Toggle TOGGLE = new Toggle("bucket", "weights.yaml", Duration.ofSeconds(60));

    private final FakeClock clock = new FakeClock();
    private final ManualThread thread = new ManualThread();
    private final ScriptedProvider scripts = new ScriptedProvider();
    private final Watchers watchers = new Watchers(List.of(scripts, new FixedProvider()), clock);
    private final RecordingSink sink = new RecordingSink();
    private final Totals<MultiCount> counts = new Totals<>("multi", MultiCount.class);
    private final StoredObjects objects = new StoredObjects();
    private final Queue<Integer> chance = new ArrayDeque<>();
    private final Toggles toggles = new Toggles(objects, thread, bound -> drawnBelow(bound), counts);

    // Union.

    @Test
    void aUnionIsEverythingThatAnySourceNames() {
        start(new Union(), "one", "two");
        says("one", A, B);
        says("two", B, C);

        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80", "10.0.0.2:80", "10.0.0.3:80");
        assertThat(sink.sets().get(0).service()).isEqualTo("web");
        assertThat(sink.sets().get(0).origin()).isEqualTo("union one: script, two: script");
    }

    @Test
    void aUnionIsNotDeliveredByHalves() {
        start(new Union(), "one", "two");
        says("one", A);
        assertThat(sink.sets()).isEmpty();

        clock.advance(SECOND);
        thread.tick();

        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
        says("two", B);
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
    }

    @Test
    void whatWasKnownBeforeStandsInForWhoCannotBeAsked() {
        watchers.remember(Map.of("web", List.of(A, D)));
        start(new Union(), "one", "two");
        says("one", A, B);
        clock.advance(SECOND);
        thread.tick();
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80", "10.0.0.9:80");

        says("two", C);
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");

        says("two");
        says("two", D);
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80", "10.0.0.9:80");
    }

    @Test
    void nothingIsDeliveredWhileNobodyHasSpoken() {
        start(new Union(), "one", "two");
        clock.advance(SECOND.multipliedBy(5));
        thread.tick();

        assertThat(sink.sets()).isEmpty();
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);
        source("one").is(State.STARTING);
        source("two").is(State.STARTING);
        thread.turn();
        assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
    }

    @Test
    void whatStaysIsNotDeliveredAgain() {
        start(new Union(), "one", "two");
        says("one", A);
        says("two", B);
        says("one", A);
        thread.tick();

        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void anEmptiedSourceKeepsItsEndpointsAndTheOthersTheirs() {
        start(new Union(), "one", "two");
        says("one", A);
        says("two", B);
        says("one");

        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
    }

    @Test
    void theRulesOfEachSourceAreItsOwn() {
        ChildRules east = new ChildRules(
                MembershipRules.DEFAULT, new Selection(List.of(new LabelFilter("zone", "east", true)), false));
        start(watcher(
                new Union(), List.of(new MultiConfig.Child("one", new Script("one"), east), child("two", PLAIN))));
        says("one", A, B.withLabels(Map.of("zone", "east")));
        says("two", C);

        assertThat(sink.addresses()).containsExactly("10.0.0.2:80", "10.0.0.3:80");
    }

    @Test
    void defaultServersAreWhereTheSourceSaysThatTheirNamesAre() {
        Endpoint named = Endpoint.of("d", "default.test", 80);
        MembershipRules rules = new MembershipRules(List.of(named), false, true, null, 1, false, false);
        start(watcher(new Union(), List.of(child("one", new ChildRules(rules, Selection.ALL)), child("two", PLAIN))));
        says("two", B);
        source("one").resolves("default.test", "10.0.0.7");
        says("one");
        assertThat(sink.addresses()).containsExactly("10.0.0.2:80", "10.0.0.7:80");

        source("one").resolves("default.test", "10.0.0.8", "10.0.0.9");
        thread.turn();

        assertThat(sink.addresses()).containsExactly("10.0.0.2:80", "10.0.0.8:80", "10.0.0.9:80");
        assertThat(sink.resolved()).last().isEqualTo(Map.of("default.test", List.of("10.0.0.8", "10.0.0.9")));
    }

    @Test
    void aSourceThatIsLostMakesTheUnionStaleAndSaysWhich() {
        start(new Union(), "one", "two");
        source("one").is(State.LIVE);
        source("two").is(State.STALE);
        thread.turn();

        assertThat(sink.lastStatus().state()).isEqualTo(State.STALE);
        assertThat(sink.lastStatus().error()).isEqualTo("two: gone");
        assertThat(sink.lastStatus().source()).isEqualTo("union of one, two");
        assertThat(sink.lastStatus().parts()).extracting(Part::name).containsExactly("one", "two");
        assertThat(sink.lastStatus().parts()).extracting(Part::serving).containsOnly(true);
    }

    @Test
    void theFirstConfigurationThatThereIsCounts() {
        start(new Union(), "one", "two");
        source("two").configures("{\"haproxy\":{}}");
        thread.turn();
        assertThat(sink.configurations()).containsExactly("{\"haproxy\":{}}");

        source("one").configures("{}");
        source("one").configures("");
        thread.turn();
        source("two").configures("");
        thread.turn();

        assertThat(sink.configurations()).containsExactly("{\"haproxy\":{}}", "{}", "{\"haproxy\":{}}", "");
    }

    @Test
    void defaultServersOfAFixedSourceJoinAtOnce() {
        ChildRules defaults =
                new ChildRules(new MembershipRules(List.of(D), false, true, null, 1, true, false), Selection.ALL);
        start(watcher(
                new Union(),
                List.of(child("one", PLAIN), new MultiConfig.Child("spare", new DiscoveryConfig.Fixed(), defaults))));
        says("one", A);

        assertThat(sink.addresses()).containsExactly("10.0.0.1:80", "10.0.0.9:80");
    }

    // Sequential.

    @Test
    void theFirstSourceServesAsLongAsItIsLive() {
        start(new Sequential(List.of("two", "one")), "one", "two");
        live("one", A);
        live("two", B);
        clock.advance(SECOND.multipliedBy(10));
        thread.tick();

        assertThat(sink.addresses()).containsExactly("10.0.0.2:80");
        assertThat(serving()).containsExactly("two");
        assertThat(sink.lastStatus().source()).isEqualTo("sequential of one, two");
        assertThat(counts.read(MultiCount.SWITCHES)).isZero();
    }

    @Test
    void anotherTakesOverASecondAfterTheFirstIsLostAndGivesBackAtOnce() {
        start(new Sequential(List.of("one", "two")), "one", "two");
        live("one", A);
        live("two", B);
        source("one").is(State.STALE);
        thread.turn();
        clock.advance(SECOND.minusMillis(1));
        thread.tick();
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
        assertThat(sink.lastStatus().state()).isEqualTo(State.STALE);

        clock.advance(Duration.ofMillis(1));
        thread.tick();
        assertThat(sink.addresses()).containsExactly("10.0.0.2:80");
        assertThat(serving()).containsExactly("two");
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);

        source("one").is(State.LIVE);
        thread.turn();
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
        assertThat(counts.read(MultiCount.SWITCHES)).isEqualTo(2);
    }

    @Test
    void aShortLossIsNoReasonToSwitch() {
        start(new Sequential(List.of("one", "two")), "one", "two");
        live("one", A);
        live("two", B);
        for (int blip = 0; blip < 5; blip++) {
            source("one").is(State.STALE);
            thread.turn();
            clock.advance(Duration.ofMillis(800));
            source("one").is(State.LIVE);
            thread.turn();
        }
        thread.tick();

        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void aSourceThatOffersNothingDoesNotServe() {
        ChildRules emptied =
                new ChildRules(new MembershipRules(List.of(), false, false, null, 1, true, false), Selection.ALL);
        start(watcher(new Sequential(List.of("one", "two")), List.of(child("one", emptied), child("two", PLAIN))));
        live("one", A);
        live("two", B);
        says("one");
        clock.advance(SECOND);
        thread.tick();
        clock.advance(SECOND);
        thread.tick();
        assertThat(sink.addresses()).containsExactly("10.0.0.2:80");

        says("one", A);
        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void theFirstSourceIsNotWaitedForWhenItNeverAnswers() {
        start(new Sequential(List.of("one", "two")), "one", "two");
        source("one").is(State.STARTING);
        live("two", B);
        assertThat(sink.sets()).isEmpty();

        clock.advance(SECOND);
        thread.tick();

        assertThat(sink.addresses()).containsExactly("10.0.0.2:80");
    }

    @Test
    void whenAllAreLostTheFirstThatOffersSomethingServes() {
        start(new Sequential(List.of("one", "two", "three")), "one", "two", "three");
        source("one").is(State.STARTING);
        live("two", B);
        live("three", C);
        clock.advance(SECOND);
        thread.tick();
        source("two").is(State.STALE);
        source("three").is(State.STALE);
        thread.turn();
        clock.advance(SECOND.multipliedBy(9));
        thread.tick();

        assertThat(sink.addresses()).containsExactly("10.0.0.2:80");
        assertThat(sink.lastStatus().state()).isEqualTo(State.STALE);
        assertThat(sink.lastStatus().error()).isEqualTo("two: gone");
    }

    @Test
    void theConfigurationIsThatOfTheSourceThatServes() {
        start(new Sequential(List.of("one", "two")), "one", "two");
        source("two").configures("{\"two\":{}}");
        live("one", A);
        live("two", B);
        assertThat(sink.configurations()).isEmpty();

        source("one").is(State.STALE);
        thread.turn();
        clock.advance(SECOND);
        thread.tick();

        assertThat(sink.configurations()).containsExactly("{\"two\":{}}");
    }

    // Toggles.

    @Test
    void thePrimaryServesUntilASourceIsDrawn() {
        chance.add(20_000);
        start(TOGGLE, "one", "primary");
        live("one", A);
        live("primary", B);
        assertThat(sink.addresses()).containsExactly("10.0.0.2:80");
        clock.advance(Duration.ofSeconds(19));
        thread.tick();
        assertThat(objects.asked).isEmpty();

        clock.advance(SECOND);
        thread.tick();
        assertThat(objects.asked).containsExactly("bucket/weights.yaml");
        chance.add(9);
        answer("primary: 9\none: 1\n");

        assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
        assertThat(serving()).containsExactly("one");
    }

    @Test
    void aSourceIsDrawnAnewOnlyWhenTheWeightsChange() {
        chance.add(0);
        start(TOGGLE, "one", "primary");
        live("one", A);
        live("primary", B);
        chance.add(0);
        answer("one: 5\nprimary: 5\n");
        assertThat(serving()).containsExactly("one");

        next();
        answer("{\"primary\": 5, \"one\": 5}");
        assertThat(chance).isEmpty();
        assertThat(serving()).containsExactly("one");

        next();
        chance.add(5);
        answer("one: 5\nprimary: 6\n");
        assertThat(serving()).containsExactly("primary");
        assertThat(counts.read(MultiCount.SWITCHES)).isEqualTo(2);
        assertThat(counts.read(MultiCount.TOGGLE_READS)).isEqualTo(3);
    }

    @Test
    void whatCannotBeReadOrUsedChangesNothingAndIsSaid() {
        chance.add(0);
        start(TOGGLE, "one", "primary");
        live("one", A);
        live("primary", B);
        objects.answers.remove().completeExceptionally(new IOException("HTTP 403 AccessDenied (expected: 200)"));
        thread.turn();
        thread.tick();
        assertThat(sink.lastStatus().error())
                .isEqualTo("s3://bucket/weights.yaml: HTTP 403 AccessDenied (expected: 200)");
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);

        for (String bad : List.of("one: -1", "- one", "one: [", "one: many", "one: 0", "", "1: 1")) {
            next();
            answer(bad);
            thread.tick();
            assertThat(sink.lastStatus().error())
                    .startsWith("s3://bucket/weights.yaml: ")
                    .contains("expected");
        }
        assertThat(serving()).containsExactly("primary");

        next();
        chance.add(0);
        answer("unknown: 1");
        thread.tick();
        assertThat(serving()).containsExactly("primary");
        assertThat(sink.lastStatus().error()).isEmpty();
        assertThat(counts.read(MultiCount.FAILED_TOGGLE_READS)).isEqualTo(8);
    }

    @Test
    void aSlowAnswerIsNotAskedForAgain() {
        chance.add(0);
        start(TOGGLE, "one", "primary");
        next();
        next();

        assertThat(objects.asked).hasSize(1);
    }

    @Test
    void servicesWithOneToggleSwitchTogether() {
        chance.add(0);
        start(TOGGLE, "one", "primary");
        live("one", A);
        live("primary", B);
        chance.add(0);
        answer("one: 1");
        RecordingSink other = new RecordingSink();
        ScriptedProvider otherScripts = new ScriptedProvider();
        MultiWatcher second = new MultiWatcher(
                "api",
                new MultiConfig(List.of(child("primary", PLAIN), child("one", PLAIN)), TOGGLE),
                other,
                new Watchers(List.of(otherScripts), clock),
                thread,
                new Resolvers(toggles, counts));
        second.start();
        thread.turn();
        otherScripts.source("one").delivers(C);
        thread.turn();

        assertThat(other.addresses()).containsExactly("10.0.0.3:80");
        assertThat(objects.asked).hasSize(1);
    }

    @Test
    void aServiceThatIsFollowedAnewGoesOnWithWhatWasDrawn() {
        chance.add(0);
        MultiWatcher before = start(TOGGLE, "one", "primary");
        chance.add(0);
        answer("one: 1");
        MultiWatcher after = watcher(TOGGLE, children("one", "primary"));
        before.close();
        start(after);

        assertThat(serving()).containsExactly("one");
    }

    // Life.

    @Test
    void baseServesNobody() {
        start(new Nobody(), "one");
        live("one", A);

        assertThat(sink.addresses()).isEmpty();
        assertThat(sink.sets()).hasSize(1);
    }

    @Test
    void closingClosesEverySourceAndDeliversNothingMore() {
        MultiWatcher watcher = start(new Union(), "one", "two");
        says("one", A);
        says("two", B);
        watcher.close();
        watcher.close();
        says("one", A, C);
        thread.tick();

        assertThat(sink.sets()).hasSize(1);
        assertThat(source("one").closed()).isTrue();
        assertThat(source("two").closed()).isTrue();
        assertThat(thread.told()).isZero();
    }

    @Test
    void nothingStartsBeforeItIsTold() {
        MultiWatcher watcher = watcher(new Union(), children("one"));
        assertThat(source("one").started()).isFalse();

        watcher.start();
        watcher.close();
        thread.turn();

        assertThat(source("one").started()).isTrue();
        assertThat(thread.told()).isZero();
    }

    @Test
    void aSourceThatCanNeverBeFollowedTakesTheOthersWithIt() {
        List<MultiConfig.Child> children = new ArrayList<>(children("one"));
        children.add(new MultiConfig.Child("two", new Script(""), PLAIN));

        assertThatThrownBy(() -> watcher(new Union(), children))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: empty (expected: a name)");
        assertThat(source("one").closed()).isTrue();
    }

    @Test
    void refusesAnOrderThatIsNotOfAllSources() {
        assertThatThrownBy(() -> new MultiConfig(children("one", "two"), new Sequential(List.of("one"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sequential_order: [one] (expected: each of ");
    }

    private int drawnBelow(int bound) {
        int number = Objects.requireNonNull(chance.poll(), "nothing is to be drawn");
        assertThat(number).isLessThan(bound);
        return number;
    }

    private List<String> serving() {
        return sink.lastStatus().parts().stream()
                .filter(Part::serving)
                .map(Part::name)
                .toList();
    }

    private Source source(String name) {
        return scripts.source(name);
    }

    private void says(String name, Endpoint... endpoints) {
        source(name).delivers(endpoints);
        thread.turn();
    }

    private void live(String name, Endpoint... endpoints) {
        source(name).is(State.LIVE);
        says(name, endpoints);
    }

    private void answer(String content) {
        objects.answers.remove().complete(content.getBytes(StandardCharsets.UTF_8));
        thread.turn();
    }

    /** Lets the time pass until the object is looked at again. */
    private void next() {
        clock.advance(TOGGLE.interval());
        thread.tick();
    }

    private MultiWatcher start(ResolverConfig resolver, String... names) {
        return start(watcher(resolver, children(names)));
    }

    private MultiWatcher start(MultiWatcher watcher) {
        watcher.start();
        thread.turn();
        return watcher;
    }

    private MultiWatcher watcher(ResolverConfig resolver, List<MultiConfig.Child> children) {
        return new MultiWatcher(
                "web", new MultiConfig(children, resolver), sink, watchers, thread, new Resolvers(toggles, counts));
    }

    private static List<MultiConfig.Child> children(String... names) {
        return List.of(names).stream().map(name -> child(name, PLAIN)).toList();
    }

    private static MultiConfig.Child child(String name, ChildRules rules) {
        return new MultiConfig.Child(name, new Script(name), rules);
    }

    /** Objects that the test answers for. */
    private static final class StoredObjects implements ObjectReader {
        private final List<String> asked = new ArrayList<>();
        private final Queue<CompletableFuture<byte[]>> answers = new ArrayDeque<>();

        @Override
        public CompletionStage<byte[]> read(String bucket, String key) {
            asked.add(bucket + "/" + key);
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
