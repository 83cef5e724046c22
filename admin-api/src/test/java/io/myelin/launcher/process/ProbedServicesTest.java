package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.admin.ProbedInstance;
import io.myelin.balance.Member;
import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.config.reader.ConfigReader;
import io.myelin.config.reader.ParsedFiles;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.model.Clock;
import io.myelin.model.HealthVerdict;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.server.ServerOptions;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Liveness and readiness next to {@code default_servers}: a data plane whose members are probed, over real sockets. */
@Timeout(60)
class ProbedServicesTest {
    @TempDir
    Path directory;

    private final Instance one = new Instance("one");
    private final Instance two = new Instance("two");
    private @Nullable Assembly assembly;

    /** An instance whose paths have switches; every other path answers with its name. */
    private static final class Instance {
        private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
        private final LoopbackBackend backend;

        private Instance(String name) {
            backend = LoopbackBackend.running(conversation -> {
                for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                    String path = head.split(" ", -1)[1];
                    int status = statuses.getOrDefault(path, 200);
                    conversation.write(
                            "HTTP/1.1 " + status + " X\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
                }
            });
        }

        private void answer(String path, int status) {
            statuses.put(path, status);
        }
    }

    @BeforeEach
    void begin() {
        for (Instance instance : List.of(one, two)) {
            instance.answer("/ready", 500);
        }
    }

    @AfterEach
    void closeAll() {
        if (assembly != null) {
            assembly.close();
        }
        one.backend.close();
        two.backend.close();
    }

    @Test
    void scenarios4To7OnlyReadyMembersServe() throws AssemblyException, IOException, InterruptedException {
        Assembly running = run(loaded("", probes()));
        int port = running.view().listeners().get(0).boundPort();
        Await.until(
                "both are healthy",
                () -> reasons(running).equals(List.of("healthy, not ready yet", "healthy, not ready yet")));
        assertThat(ask(port)).isEqualTo("503");

        one.answer("/ready", 200);
        two.answer("/ready", 200);
        awaitEligible(running, 2);
        assertThat(List.of(ask(port), ask(port))).containsExactlyInAnyOrder("one", "two");

        two.answer("/ready", 503);
        awaitEligible(running, 1);
        assertThat(reasons(running).get(1)).startsWith("not ready: http 503");
        assertThat(List.of(ask(port), ask(port), ask(port))).containsOnly("one");
        two.answer("/ready", 200);
        awaitEligible(running, 2);

        one.answer("/lively", 500);
        awaitEligible(running, 1);
        assertThat(reasons(running).get(0)).startsWith("liveness failed: http 500");
        assertThat(List.of(ask(port), ask(port), ask(port))).containsOnly("two");
        one.answer("/lively", 200);
        awaitEligible(running, 2);

        List<ProbedInstance> probed = running.view().probed();
        assertThat(probed).hasSize(2);
        assertThat(probed.get(0).service()).isEqualTo("web");
        assertThat(probed.get(0).probes())
                .extracting(ProbedInstance.Probe::probe)
                .containsExactly("liveness", "readiness");
    }

    @Test
    void checksAndProbesMustBothAdmit() throws AssemblyException, IOException, InterruptedException {
        one.answer("/ready", 200);
        two.answer("/ready", 200);
        two.answer("/checked", 500);
        Assembly running = run(loaded("check: {http: /checked, interval: 50ms, rise: 1, fall: 1}", probes()));
        Await.until("one only", () -> eligible(running).equals(List.of("one")));
        Await.until("two is judged by its check", () -> reasons(running).get(1).startsWith("http 500"));

        two.answer("/checked", 200);
        Await.until("both", () -> eligible(running).equals(List.of("one", "two")));
        one.answer("/ready", 500);
        Await.until("two only", () -> eligible(running).equals(List.of("two")));
    }

    @Test
    void probesThatComeWithAReloadTakeNothingAwayAndThoseThatGoLeaveNothing()
            throws AssemblyException, IOException, InterruptedException {
        Assembly running = run(loaded("", null));
        awaitEligible(running, 2);
        one.answer("/ready", 200);

        running.apply(loaded("", probes()));
        assertThat(eligible(running)).contains("one");
        Await.until("only one is ready", () -> eligible(running).equals(List.of("one")));
        Await.until("one has passed", () -> reasons(running).get(0).startsWith("served before"));

        running.apply(loaded("", null));
        awaitEligible(running, 2);
        assertThat(running.view().probed()).isEmpty();
        assertThat(reasons(running)).containsOnly(HealthVerdict.UNCHECKED.reason());
    }

    private static void awaitEligible(Assembly running, int count) {
        Await.until(count + " eligible members", () -> eligible(running).size() == count);
    }

    private static List<String> eligible(Assembly running) {
        return pool(running).snapshot().eligible().stream()
                .map(member -> member.endpoint().name())
                .sorted()
                .toList();
    }

    private static List<String> reasons(Assembly running) {
        return pool(running).snapshot().members().stream()
                .map(Member::verdict)
                .map(HealthVerdict::reason)
                .toList();
    }

    private static Pool pool(Assembly running) {
        Pool pool = running.view().pool("web");
        assertThat(pool).isNotNull();
        return pool;
    }

    /** Returns who answered, or the status of an answer of the proxy's own. */
    private static String ask(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
            return response.status() == 200 ? response.body() : Integer.toString(response.status());
        }
    }

    private Assembly run(LoadedConfig loaded) throws AssemblyException, InterruptedException, IOException {
        Assembly made = new Assembly(
                new ServerOptions(1, Transport.AUTO),
                "test",
                new RegistryConfig(parsed(""), loaded),
                directory.resolve("run"),
                Clock.SYSTEM,
                RandomSource.SYSTEM);
        assembly = made;
        made.apply(loaded);
        return made;
    }

    private ParsedFiles parsed(String more) throws IOException {
        Path file = directory.resolve("web.yaml");
        Files.writeString(file, """
                services:
                  web:
                    port: 0
                    protocol: http
                    %s
                    default_servers:
                      - {name: one, host: 127.0.0.1, port: %d}
                      - {name: two, host: 127.0.0.1, port: %d}
                """.formatted(more, one.backend.port(), two.backend.port()));
        return new ConfigReader().parse(List.of(file));
    }

    private LoadedConfig loaded(String more, @Nullable LifecycleConfig life) throws IOException {
        LoadedConfig loaded = parsed(more).load();
        assertThat(loaded.problems()).isEmpty();
        MyelinConfig config = loaded.config();
        List<ServiceConfig> services = new ArrayList<>();
        for (ServiceConfig service : config.services()) {
            services.add(new ServiceConfig(
                    service.name(),
                    service.discovery(),
                    service.pool(),
                    service.check(),
                    service.listener(),
                    service.rules(),
                    life));
        }
        return new LoadedConfig(
                new MyelinConfig(
                        services,
                        config.frontends(),
                        config.admin(),
                        config.maxConnections(),
                        config.reload(),
                        config.operators(),
                        config.announce()),
                loaded.problems(),
                loaded.brokenServices());
    }

    private static LifecycleConfig probes() {
        return new LifecycleConfig(
                probe("/lively"),
                probe("/ready"),
                LifecycleConfig.Demotion.DRAIN,
                LifecycleConfig.DEFAULT_DRAIN_LIMIT,
                null);
    }

    private static ProbeConfig probe(String path) {
        return new ProbeConfig(
                new ProbeConfig.Http(path, null, "", List.of(), true),
                Duration.ZERO,
                Duration.ofMillis(20),
                Duration.ofSeconds(10),
                1,
                3);
    }
}
