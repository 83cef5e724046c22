package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.Checker;
import io.myelin.health.lifecycle.LifecycleConfig.CommandHook;
import io.myelin.health.lifecycle.LifecycleConfig.HttpHook;
import io.myelin.health.lifecycle.LifecycleConfig.RestartHook;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.HealthVerdict;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import io.myelin.testing.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes of instances that somebody else runs, over real sockets. */
@Timeout(30)
class ServiceProbesTest {
    private static final Duration OFTEN = Duration.ofMillis(10);

    private final FakeClock hookClock = new FakeClock();
    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
    private final LoopLifecycleMonitor monitor = new LoopLifecycleMonitor(checker, Clock.SYSTEM);
    private final RestartHooks hooks = new RestartHooks(hookClock);
    private final BlockingQueue<HealthVerdict> verdicts = new LinkedBlockingQueue<>();
    private Site site;
    private Endpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        site = new Site();
        site.answer("/lively", 200);
        site.answer("/ready", 200);
        site.answer("/hook", 204);
        endpoint = Endpoint.of("one", "127.0.0.1", site.port());
    }

    @AfterEach
    void closeAll() {
        monitor.close();
        hooks.close();
        checker.close();
        site.close();
    }

    @Test
    void anEndpointPassesOnlyWhileItIsReady() throws InterruptedException {
        site.answer("/ready", 500);
        probes(both(null)).reconcile(List.of(endpoint), id -> false);
        assertThat(next()).isEqualTo("FAILING not ready yet");
        assertThat(next()).isEqualTo("FAILING healthy, not ready yet");

        site.answer("/ready", 200);
        assertThat(next()).isEqualTo("PASSING http 200");
        site.answer("/ready", 503);
        assertThat(next()).isEqualTo("FAILING not ready: http 503");
        site.answer("/ready", 200);
        assertThat(next()).isEqualTo("PASSING http 200");
    }

    @Test
    void scenario7AnEndpointOfSomebodyElseIsEjectedUntilItsLivenessPassesAndTheHookIsCalled()
            throws InterruptedException {
        try (ServiceProbes probes = probes(both(new HttpHook("http://127.0.0.1:" + site.port() + "/hook")))) {
            probes.reconcile(List.of(endpoint), id -> false);
            awaitPassing();
            site.answer("/lively", 500);

            assertThat(next()).isEqualTo("FAILING liveness failed: http 500");
            Await.until("the hook was called", () -> report().result().equals("http 204"));
            assertThat(site.posted())
                    .containsExactly(("{'service':'web','instance':'%s','reason':'http 500 in N ms',"
                                    + "'host':'127.0.0.1','port':%d}")
                            .formatted(endpoint.id().value(), site.port())
                            .replace('\'', '"')
                            .replace("N", posted("in (\\d+) ms")));
            assertThat(next()).isEqualTo("FAILING liveness failed: http 500");
            Await.until("a call that was skipped", () -> report().skipped() > 0);
            assertThat(report().calls()).isEqualTo(1);
            hookClock.advance(HookPace.FIRST_WAIT);
            Await.until("the second call", () -> report().calls() == 2);

            site.answer("/lively", 200);
            awaitPassing();
            assertThat(report().failures()).isZero();
        }
        assertThat(hooks.report("web", endpoint.id().value())).isNull();
    }

    @Test
    void aHookThatFailsIsSeen(@TempDir Path dir) throws InterruptedException, IOException {
        Path told = dir.resolve("told");
        RestartHook hook = new CommandHook(List.of(
                "sh", "-c", "echo $MYELIN_SERVICE $MYELIN_PORT $MYELIN_REASON > " + told + "; echo broken; exit 3"));
        probes(both(hook)).reconcile(List.of(endpoint), id -> false);
        awaitPassing();
        site.answer("/lively", 500);

        Await.until("a failure of the hook", () -> hooks.report("web", id()) != null && report().failures() == 1);
        assertThat(report().result()).isEqualTo("exit code 3: broken");
        assertThat(Files.readString(told)).startsWith("web " + site.port() + " http 500 in ");
    }

    @Test
    void aHookThatNobodyAnswersIsSeen() throws InterruptedException {
        probes(both(new HttpHook("http://127.0.0.1:1/restart"))).reconcile(List.of(endpoint), id -> false);
        awaitPassing();
        site.answer("/lively", 500);

        Await.until("a failure of the hook", () -> hooks.report("web", id()) != null && report().failures() == 1);
        assertThat(report().result()).isNotEmpty();
    }

    @Test
    void anEndpointThatServedGoesOnServingUntilAProbeSaysOtherwise() throws InterruptedException {
        site.answer("/ready", 500);
        ServiceProbes probes = probes(both(null));
        probes.reconcile(List.of(endpoint), id -> true);

        assertThat(next()).isEqualTo("PASSING served before it was probed");
        assertThat(next()).isEqualTo("FAILING not ready: http 500");
        assertThat(probes.reports(endpoint.id()).get(1).streak()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void anotherConfigurationTakesNothingFromAnEndpointThatIsReady() throws InterruptedException {
        ServiceProbes probes = probes(both(null));
        probes.reconcile(List.of(endpoint), id -> false);
        awaitPassing();
        site.answer("/other", 200);
        probes.reconfigure(config(null, http("/other"), null));

        Await.until("the other path was asked", () -> site.asked("/other") > 2);
        assertThat(verdicts).isEmpty();
        assertThat(probes.verdict(endpoint.id())).isNotNull();
        site.answer("/other", 500);
        assertThat(next()).isEqualTo("FAILING not ready: http 500");
    }

    @Test
    void nothingIsSaidOfAnEndpointThatIsGone() throws InterruptedException {
        ServiceProbes probes = probes(both(null));
        probes.reconcile(List.of(endpoint), id -> false);
        awaitPassing();
        probes.reconcile(List.of(), id -> false);

        assertThat(monitor.probed()).isEmpty();
        assertThat(probes.verdict(endpoint.id())).isNull();
        assertThat(probes.reports(endpoint.id())).isEmpty();
        assertThat(verdicts).isEmpty();
    }

    @Test
    void anEndpointThatCannotBeProbedHarmsOnlyItself() throws InterruptedException {
        probes(config(null, http("/two words"), null)).reconcile(List.of(endpoint), id -> false);

        assertThat(next()).isEqualTo("FAILING not ready yet");
        assertThat(next()).startsWith("FAILING uri: '/two words'");
    }

    private void awaitPassing() throws InterruptedException {
        String heard = next();
        while (!heard.startsWith("PASSING")) {
            heard = next();
        }
    }

    private String next() throws InterruptedException {
        HealthVerdict verdict = verdicts.poll(10, TimeUnit.SECONDS);
        assertThat(verdict).as("next verdict").isNotNull();
        assertThat(verdict.sinceMillis()).isPositive();
        return verdict.state() + " " + verdict.reason().replaceFirst(" in \\d+ ms$", "");
    }

    private HookReport report() {
        HookReport report = hooks.report("web", id());
        return report == null ? new HookReport("web", id(), 0, 0, 0, "", 0, 0) : report;
    }

    private String posted(String pattern) {
        return Pattern.compile(pattern)
                .matcher(site.posted().get(0))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    private String id() {
        return endpoint.id().value();
    }

    private ServiceProbes probes(LifecycleConfig config) {
        return new ServiceProbes("web", config, monitor, hooks, (id, verdict) -> verdicts.add(verdict), Clock.SYSTEM);
    }

    private static LifecycleConfig both(@Nullable RestartHook hook) {
        return config(http("/lively"), http("/ready"), hook);
    }

    private static LifecycleConfig config(
            @Nullable ProbeConfig liveness, @Nullable ProbeConfig readiness, @Nullable RestartHook hook) {
        return new LifecycleConfig(
                liveness, readiness, LifecycleConfig.Demotion.DRAIN, LifecycleConfig.DEFAULT_DRAIN_LIMIT, hook);
    }

    private static ProbeConfig http(String path) {
        return new ProbeConfig(
                new ProbeConfig.Http(path, null, "", List.of(), true),
                Duration.ZERO,
                OFTEN,
                Duration.ofSeconds(10),
                1,
                3);
    }
}
