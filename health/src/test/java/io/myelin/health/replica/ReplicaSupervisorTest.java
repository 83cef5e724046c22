package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleConfig.Demotion;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.FakeMonitor.Watched;
import io.myelin.health.replica.FakeRunner.Fake;
import io.myelin.model.RandomSource;
import io.myelin.testing.FakeClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaSupervisorTest {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final LifecycleConfig PROBED = new LifecycleConfig(
            ProbeConfig.of(new ProbeConfig.Http("/lively", null, "", List.of(), true)),
            ProbeConfig.of(new ProbeConfig.Http("/ready", null, "", List.of(), true)),
            Demotion.DRAIN,
            Duration.ofSeconds(10),
            null);

    @TempDir
    Path directory;

    private final FakeClock clock = new FakeClock();
    private final FakeLoop loop = new FakeLoop(clock);
    private final FakeRunner runner = new FakeRunner();
    private final FakeMonitor monitor = new FakeMonitor();
    private final FakePool pool = new FakePool();
    private int chance;
    private final ReplicaSupervisor supervisor = new ReplicaSupervisor(
            new ReplicaTools(
                    loop,
                    clock,
                    new ReplicaNames(bound -> chance++ % bound),
                    runner,
                    monitor,
                    new PortBook(RandomSource.SYSTEM),
                    Runnable::run),
            new Processes(Path.of("/nowhere")),
            RunFiles.OF_THIS_HOST);

    // Scenario 1.

    @Test
    void withoutProbesAReplicaIsReadyWhenItIsStarted() {
        apply(service(2, LifecycleConfig.NONE));

        assertThat(states()).containsExactly("ready", "ready");
        assertThat(monitor.watched).isEmpty();
        assertThat(pool.serving()).hasSize(2);
        String name = view().replicas().get(0).name();
        assertThat(name).matches("web_[0-9a-f]{8}-[0-9a-f]");
        assertThat(lines(name))
                .containsExactly(
                        "Launching service " + name + ": /bin/web",
                        "Replica " + name + " started: pid=100 ports="
                                + view().replicas().get(0).ports(),
                        "Replica " + name + " is moving to a ready state");
    }

    @Test
    void theLinesOfTheDocumentationAreThoseOfTheLog() {
        apply(service(1, PROBED));
        String name = only().name();
        monitor.of(name).ready();
        loop.run();
        monitor.of(name).observer.onLivenessFailed("http 500");
        loop.run();

        assertThat(lines(name))
                .contains(
                        "Replica " + name + " is moving to an healthy state",
                        "Replica " + name + " is moving to a ready state",
                        "Killing replica " + name + " because it has failed the liveness probe");
    }

    @Test
    void onlyAReadyReplicaTakesWork() {
        apply(service(1, PROBED));
        assertThat(states()).containsExactly("started");
        assertThat(pool.names()).hasSize(1);
        assertThat(pool.serving()).isEmpty();

        Watched watched = monitor.of(only().name());
        watched.observer.onState(ReplicaState.HEALTHY, "http 200");
        loop.run();
        assertThat(states()).containsExactly("healthy");
        assertThat(pool.serving()).isEmpty();

        watched.observer.onState(ReplicaState.READY, "http 200");
        loop.run();
        assertThat(states()).containsExactly("ready");
        assertThat(pool.serving()).hasSize(1);
        assertThat(only().probes()).extracting("probe").containsExactly("readiness");

        watched.observer.onState(ReplicaState.HEALTHY, "http 500");
        loop.run();
        assertThat(states()).containsExactly("healthy");
        assertThat(pool.serving()).isEmpty();
        assertThat(runner.last().terminations).isZero();
    }

    @Test
    void probesSeeThePortsBehindTheExternalOnes() {
        apply(service(1, PROBED));

        assertThat(monitor.of(only().name()).subject.ports()).singleElement().satisfies(port -> {
            assertThat(port.external()).isEqualTo(8080);
            assertThat(port.protocol()).isEqualTo("http");
            assertThat(port.host()).isEqualTo("127.0.0.1");
            assertThat(port.port()).isEqualTo(only().ports().get(0));
        });
        assertThat(view().ports()).containsExactly(8080);
    }

    // Scenario 7.

    @Test
    void aReplicaWhoseLivenessFailsIsUnroutedThenStoppedAndReplacedAtTheSamePort() {
        pool.busy = true;
        apply(service(2, PROBED));
        readyAll();
        ReplicaView before = view().replicas().get(0);
        String other = view().replicas().get(1).name();
        Fake process = runner.named(before.name());

        monitor.of(before.name()).observer.onLivenessFailed("http 500");
        loop.run();
        assertThat(pool.serving()).containsExactly(other);
        assertThat(pool.names()).contains(before.name());
        assertThat(process.terminations).isZero();
        assertThat(monitor.of(before.name()).closed).isTrue();
        assertThat(view().replicas().get(0).reason()).isEqualTo("liveness failed: http 500");

        pool.waiting.values().forEach(idle -> idle.complete(null));
        loop.run();
        assertThat(process.terminations).isEqualTo(1);
        assertThat(pool.names()).containsExactly(other);
        assertThat(states()).containsExactly("stopped", "ready");

        loop.advance(Duration.ofSeconds(1));
        ReplicaView after = view().replicas().get(0);
        assertThat(after.name()).isNotEqualTo(before.name());
        assertThat(after.ports()).isEqualTo(before.ports());
        assertThat(after.state()).isEqualTo(ReplicaState.STARTED);
        monitor.of(after.name()).ready();
        loop.run();
        assertThat(states()).containsExactly("ready", "ready");
        assertThat(view().restarts()).isEqualTo(1);
        assertThat(lines(other)).noneMatch(line -> line.contains("stopped"));
        assertThat(lines(before.name())).endsWith("Replica " + before.name() + " removed");
    }

    @Test
    void workThatDoesNotEndIsWaitedForNoLongerThanTheDrainLimit() {
        pool.busy = true;
        apply(service(1, PROBED));
        readyAll();
        monitor.of(only().name()).observer.onLivenessFailed("timeout");

        loop.advance(Duration.ofSeconds(10));
        assertThat(runner.last().terminations).isZero();
        assertThat(pool.limits).containsExactly(Duration.ofSeconds(10));

        loop.advance(Duration.ofSeconds(1));
        assertThat(runner.last().terminations).isEqualTo(1);
    }

    @Test
    void withCutNoWorkIsWaitedFor() {
        apply(service(
                1,
                new LifecycleConfig(
                        PROBED.liveness(), PROBED.readiness(), Demotion.CUT, Duration.ofSeconds(10), null)));
        readyAll();
        monitor.of(only().name()).observer.onLivenessFailed("timeout");
        loop.run();

        assertThat(pool.limits).containsExactly(Duration.ZERO);
    }

    @Test
    void whoIgnoresBeingAskedIsKilledAfterTheStopLimit() {
        apply(service(1, LifecycleConfig.NONE));
        Fake process = runner.last();
        process.stubborn = true;
        supervisor.restart("web");

        loop.advance(STOP_LIMIT.minusMillis(1));
        assertThat(process.terminations).isEqualTo(1);
        assertThat(process.kills).isZero();
        loop.advance(Duration.ofMillis(100));
        assertThat(process.kills).isEqualTo(1);
        assertThat(view().lastExitCode()).isEqualTo(137);
        assertThat(states()).containsExactly("ready");
    }

    @Test
    void whatAReplicaLeavesBehindIsEndedBeforeTheNextOneStarts() {
        apply(service(1, LifecycleConfig.NONE));
        Fake process = runner.last();
        process.childLeft = true;
        process.exit(3);

        loop.advance(STOP_LIMIT);
        assertThat(process.terminations).isEqualTo(1);
        assertThat(process.kills).isEqualTo(1);
        assertThat(runner.started).hasSize(1);

        loop.advance(Duration.ofSeconds(2));
        assertThat(runner.started).hasSize(2);
    }

    // Scenario 13.

    @Test
    void theWaitsOfACrashLoopGrowAndEveryRestartIsCounted() {
        apply(service(1, LifecycleConfig.NONE));
        List<Long> waits = new ArrayList<>();
        for (int crash = 1; crash <= 12; crash++) {
            runner.last().exit(crash);
            loop.run();
            assertThat(view().lastExitCode()).isEqualTo(crash);
            assertThat(states()).containsExactly("stopped");
            assertThat(only().exitCode()).isEqualTo(crash);
            assertThat(only().reason()).contains("exit code " + crash).contains("next start");
            long wait = view().nextRestartMillis() - clock.wallMillis();
            waits.add(wait);
            loop.advance(Duration.ofMillis(wait - 1));
            assertThat(runner.started).hasSize(crash);
            loop.advance(Duration.ofMillis(1));
            assertThat(runner.started).hasSize(crash + 1);
            assertThat(view().restarts()).isEqualTo(crash);
        }

        assertThat(waits)
                .containsExactly(
                        1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L, 300_000L,
                        300_000L, 300_000L);
        assertThat(view().nextRestartMillis()).isZero();
    }

    @Test
    void theWaitBeginsAnewOnceAReplicaWasReadyForLongEnough() {
        apply(service(1, PROBED));
        for (int crash = 0; crash < 3; crash++) {
            runner.last().exit(1);
            loop.advance(Duration.ofSeconds(10));
        }
        monitor.of(only().name()).ready();
        loop.advance(Duration.ofMinutes(10).minusSeconds(1));
        runner.last().exit(1);
        loop.run();
        assertThat(view().nextRestartMillis() - clock.wallMillis()).isEqualTo(8_000);

        loop.advance(Duration.ofSeconds(8));
        monitor.of(only().name()).ready();
        loop.advance(Duration.ofMinutes(10));
        runner.last().exit(1);
        loop.run();
        assertThat(view().nextRestartMillis() - clock.wallMillis()).isEqualTo(1_000);
    }

    @Test
    void aSlotIsGivenUpAfterAsManyRestartsAsAreAllowedAndRevivedByAnOperator() {
        RestartPolicy twice =
                new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMinutes(10), 2);
        apply(new ReplicatedConfig(
                "web", launch(""), 1, List.of(binding()), Map.of(), LifecycleConfig.NONE, twice, STOP_LIMIT));
        for (int crash = 0; crash < 3; crash++) {
            runner.last().exit(1);
            loop.advance(Duration.ofSeconds(5));
        }
        loop.advance(Duration.ofHours(1));

        assertThat(runner.started).hasSize(3);
        assertThat(view().givenUp()).isTrue();
        assertThat(view().nextRestartMillis()).isZero();
        assertThat(only().reason()).contains("given up after 2 restarts");
        assertThat(supervisor.log("web")).contains("Slot 0 of service web is given up after 2 restarts");

        supervisor.restart("web", only().name());
        loop.run();
        assertThat(view().givenUp()).isFalse();
        assertThat(states()).containsExactly("ready");
    }

    @Test
    void aProgramThatCannotBeStartedIsTriedAgainAndSaysWhy() {
        runner.failure = new IOException("program /bin/web: not there (expected: an executable file)");
        apply(service(1, LifecycleConfig.NONE));

        assertThat(states()).containsExactly("stopped");
        assertThat(only().reason()).contains("/bin/web: not there");
        assertThat(only().pid()).isNull();

        runner.failure = null;
        loop.advance(Duration.ofSeconds(1));
        assertThat(states()).containsExactly("ready");
    }

    // Scenario 14.

    @Test
    void noReplicasAreNoReplicas() {
        apply(service(0, LifecycleConfig.NONE));

        assertThat(runner.started).isEmpty();
        assertThat(view().replicas()).isEmpty();
        assertThat(view().desired()).isZero();
        assertThat(pool.endpoints).isEmpty();
    }

    @Test
    void scalingAddsAndTakesAwayTheLastSlots() {
        apply(service(1, LifecycleConfig.NONE));
        String first = only().name();

        assertThat(supervisor.scale("web", 3)).isTrue();
        loop.run();
        assertThat(states()).containsExactly("ready", "ready", "ready");
        assertThat(pool.serving()).hasSize(3);

        supervisor.scale("web", 1);
        loop.run();
        assertThat(only().name()).isEqualTo(first);
        assertThat(pool.serving()).containsExactly(first);
        assertThat(view().desired()).isEqualTo(1);

        supervisor.scale("web", 0);
        loop.run();
        assertThat(view().replicas()).isEmpty();
        assertThat(supervisor.scale("nobody", 1)).isFalse();
        assertThatThrownBy(() -> supervisor.scale("web", -1)).hasMessage("replicas: -1 (expected: >= 0)");
    }

    @Test
    void aReplicaThatIsAwayWhileItIsScaledAwayIsGone() {
        apply(service(2, LifecycleConfig.NONE));
        runner.last().exit(1);
        loop.run();
        assertThat(view().nextRestartMillis()).isPositive();

        supervisor.scale("web", 1);
        loop.advance(Duration.ofMinutes(1));
        assertThat(states()).containsExactly("ready");
        assertThat(runner.started).hasSize(2);
    }

    @Test
    void aRestartGoesFromOneReadyReplicaToTheNext() {
        apply(service(3, PROBED));
        readyAll();
        List<String> before = names();

        supervisor.restart("web");
        loop.run();
        assertThat(names()).doesNotContain(before.get(0)).contains(before.get(1), before.get(2));
        assertThat(pool.serving()).containsExactly(before.get(1), before.get(2));

        loop.advance(Duration.ofSeconds(61));
        assertThat(supervisor.log("web")).anyMatch(line -> line.startsWith("Service web changes no further: replica"));
        assertThat(names()).contains(before.get(1), before.get(2));

        for (int slot = 0; slot < 3; slot++) {
            monitor.of(names().get(slot)).ready();
            loop.run();
        }
        assertThat(names()).doesNotContainAnyElementsOf(before);
        assertThat(states()).containsExactly("ready", "ready", "ready");
        assertThat(view().restarts()).isEqualTo(3);
    }

    @Test
    void oneReplicaIsRestartedAlone() {
        apply(service(2, LifecycleConfig.NONE));
        List<String> before = names();

        assertThat(supervisor.restart("web", before.get(1))).isTrue();
        loop.run();
        assertThat(names().get(0)).isEqualTo(before.get(0));
        assertThat(names().get(1)).isNotEqualTo(before.get(1));
        assertThat(supervisor.restart("web", before.get(1))).isFalse();
    }

    // Reload.

    @Test
    void anEqualConfigurationTouchesNothing() {
        apply(service(2, PROBED));
        readyAll();
        List<String> before = names();
        supervisor.scale("web", 3);
        loop.run();

        apply(service(2, PROBED));
        assertThat(names()).startsWith(before.get(0), before.get(1)).hasSize(3);
        assertThat(runner.started).hasSize(3);
        assertThat(monitor.watched).hasSize(3);
    }

    @Test
    void otherArgumentsReplaceReplicasOneByOne() {
        apply(service(2, PROBED));
        readyAll();
        List<String> before = names();

        apply(new ReplicatedConfig(
                "web", launch("--more"), 2, List.of(binding()), Map.of(), PROBED, RestartPolicy.DEFAULT, STOP_LIMIT));
        assertThat(names().get(1)).isEqualTo(before.get(1));
        assertThat(runner.last().start.launch()).isEqualTo(launch("--more"));
        readyAll();
        loop.run();
        assertThat(names()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void otherProbesTakeNoReplicaAway() {
        apply(service(2, PROBED));
        monitor.of(names().get(0)).ready();
        loop.run();
        List<String> before = names();

        LifecycleConfig other =
                new LifecycleConfig(null, PROBED.readiness(), Demotion.DRAIN, Duration.ofSeconds(10), null);
        apply(service(2, other));

        assertThat(names()).isEqualTo(before);
        assertThat(states()).containsExactly("ready", "started");
        assertThat(monitor.of(before.get(0)).from).isEqualTo(ReplicaState.READY);
        assertThat(monitor.of(before.get(1)).from).isEqualTo(ReplicaState.STARTED);
        assertThat(monitor.of(before.get(0)).config).isEqualTo(other);
        monitor.of(before.get(0)).observer.onState(ReplicaState.HEALTHY, "http 500");
        loop.run();
        assertThat(states()).containsExactly("healthy", "started");
        assertThat(runner.started).hasSize(2);
    }

    @Test
    void whatProbesSayThatAreNotWatchedAnyMoreIsNotHeard() {
        apply(service(1, PROBED));
        readyAll();
        Watched old = monitor.of(only().name());
        apply(service(1, new LifecycleConfig(null, PROBED.readiness(), Demotion.DRAIN, Duration.ofSeconds(10), null)));
        old.observer.onLivenessFailed("late");
        loop.run();

        assertThat(runner.last().terminations).isZero();
    }

    @Test
    void aServiceThatIsNotWantedAnyMoreEnds() {
        apply(service(2, LifecycleConfig.NONE));
        apply();

        assertThat(supervisor.services()).isEmpty();
        assertThat(supervisor.log("web")).isNull();
        assertThat(runner.started).allMatch(one -> one.terminations == 1);
        assertThat(pool.endpoints).isEmpty();
    }

    // The end.

    @Test
    void stoppingEndsAllAtOnceWithoutADrain() {
        pool.busy = true;
        apply(service(3, LifecycleConfig.NONE));
        runner.last().stubborn = true;

        CompletionStage<Void> stopped = supervisor.stop();
        loop.run();
        assertThat(runner.started).allMatch(one -> one.terminations == 1);
        assertThat(stopped.toCompletableFuture()).isNotDone();

        loop.advance(STOP_LIMIT.plusMillis(100));
        assertThat(runner.last().kills).isEqualTo(1);
        assertThat(stopped.toCompletableFuture()).isCompleted();
        assertThat(runner.started).hasSize(3);
    }

    @Test
    void nothingIsStartedForNoService() {
        apply();

        assertThat(supervisor.stop().toCompletableFuture()).isCompleted();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void outputIsInTheLogOfTheService() {
        apply(service(1, LifecycleConfig.NONE));
        List<String> followed = new ArrayList<>();
        var tap = supervisor.follow("web", followed::add);
        runner.last().output.accept("hello");

        String line = "[" + only().name() + "]: hello";
        assertThat(supervisor.log("web")).endsWith(line);
        assertThat(followed).containsExactly(line);

        assertThat(tap).isNotNull();
        tap.close();
        runner.last().output.accept("more");
        assertThat(followed).hasSize(1);
        assertThat(supervisor.follow("nobody", followed::add)).isNull();
    }

    @Test
    void theEnvironmentOfAReplicaIsShown() {
        apply(service(1, LifecycleConfig.NONE));

        assertThat(only().environment()).containsEntry("APP_INSTANCE", only().name());
        assertThat(runner.last().start.environment()).isEqualTo(only().environment());
    }

    private void apply(ReplicatedConfig... services) {
        supervisor.apply(new ReplicaPlan(
                List.of(services),
                Map.of("web", 8080),
                name -> pool,
                (service, replica, ports) -> Map.of("APP_INSTANCE", replica, "PORT", ports.toString()),
                directory.resolve("run")));
        loop.run();
    }

    private void readyAll() {
        names().forEach(name -> monitor.of(name).ready());
        loop.run();
    }

    private ReplicatedView view() {
        ReplicatedView view = supervisor.service("web");
        assertThat(view).isNotNull();
        return view;
    }

    private ReplicaView only() {
        assertThat(view().replicas()).hasSize(1);
        return view().replicas().get(0);
    }

    private List<String> states() {
        return view().replicas().stream().map(replica -> replica.state().text()).toList();
    }

    private List<String> names() {
        return view().replicas().stream().map(ReplicaView::name).toList();
    }

    private List<String> lines(String replica) {
        @Nullable List<String> lines = supervisor.log("web");
        assertThat(lines).isNotNull();
        return lines.stream().filter(line -> line.contains(replica)).toList();
    }

    private static Launch launch(String args) {
        return new Launch.Executable("/bin/web", args, Path.of("/"));
    }

    private static ReplicaBinding binding() {
        return new ReplicaBinding("", "web", null, null, "", "http", "");
    }

    private static ReplicatedConfig service(int replicas, LifecycleConfig lifecycle) {
        return new ReplicatedConfig(
                "web",
                launch(""),
                replicas,
                List.of(binding()),
                Map.of(),
                lifecycle,
                RestartPolicy.DEFAULT,
                STOP_LIMIT);
    }
}
