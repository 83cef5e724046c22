package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.myelin.config.DevelopmentTls;
import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem.Severity;
import io.myelin.config.ServiceConfig;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleConfig.CommandHook;
import io.myelin.health.lifecycle.LifecycleConfig.Demotion;
import io.myelin.health.lifecycle.LifecycleConfig.HttpHook;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.health.replica.ReplicatedConfig;
import io.myelin.health.replica.RestartPolicy;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class NativeReplicasTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of("."));

    @BeforeEach
    void useTheDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aServiceMayBeStartedHere() {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    executable: java
                    args: [-jar, "my app.jar", 'a"b', ""]
                    replicas: 3
                    env: {A: b, PATH: ~}
                    balance: leastconn
                    bindings:
                    - {name: main, port: 8080}
                    - {name: raw, port: 8081, protocol: tcp, host: "*"}
                    restart: {first_wait: 100ms, longest_wait: 1m, stable_after: 2m, max_restarts: 0}
                    stop_timeout: 3s
                    demotion: cut
                    drain_timeout: 1s
                    liveness: /lively
                    readiness: {tcp: {port: 8081}, period: 250ms, success_threshold: 2}
                """);

        assertThat(loaded.problems()).isEmpty();
        ReplicatedConfig web = loaded.config().application().services().get(0);
        assertThat(web.launch())
                .isEqualTo(new Launch.Executable("java", "-jar \"my app.jar\" \"a\\\"b\" \"\"", directory));
        assertThat(web.replicas()).isEqualTo(3);
        assertThat(web.environment()).isEqualTo(Map.of("A", "b", "PATH", System.getenv("PATH")));
        assertThat(web.bindings())
                .containsExactly(
                        new ReplicaBinding("main", "web", 8080, null, "", "http", ""),
                        new ReplicaBinding("raw", "web:raw", 8081, null, "", "tcp", ""));
        assertThat(web.restarts())
                .isEqualTo(new RestartPolicy(Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofMinutes(2), 0));
        assertThat(web.stopLimit()).isEqualTo(Duration.ofSeconds(3));
        assertThat(web.lifecycle())
                .isEqualTo(new LifecycleConfig(
                        ProbeConfig.of(new ProbeConfig.Http("/lively", null, "", List.of(), true)),
                        new ProbeConfig(
                                new ProbeConfig.Tcp(8081),
                                Duration.ZERO,
                                Duration.ofMillis(250),
                                Duration.ofSeconds(1),
                                2,
                                3),
                        Demotion.CUT,
                        Duration.ofSeconds(1),
                        null));
        List<ServiceConfig> services = loaded.config().services();
        assertThat(services).extracting(ServiceConfig::name).containsExactly("web", "web:raw");
        assertThat(services)
                .extracting(
                        service -> Objects.requireNonNull(service.listener()).protocol())
                .containsExactly(Protocol.HTTP, Protocol.TCP);
        assertThat(services)
                .extracting(
                        service -> Objects.requireNonNull(service.listener()).addresses())
                .containsExactly(List.of(new BindAddress("localhost", 8080)), List.of(new BindAddress("*", 8081)));
        assertThat(services)
                .allSatisfy(service -> assertThat(service.lifecycle()).isNull())
                .allMatch(service -> service.pool().admission().provenOnly())
                .allMatch(service ->
                        service.pool().balance().equals(services.get(0).pool().balance()));
        assertThat(services.get(0).pool().balance().toString()).containsIgnoringCase("least");
    }

    @Test
    void whereReplicasAreNotedMayBeSaid() {
        LoadedConfig loaded = files.load("replicas: {run_dir: /var/lib/myelin/run}\nservices: {web: {executable: sh}}");
        assertThat(loaded.problems()).noneMatch(problem -> problem.severity() == Severity.ERROR);
        assertThat(loaded.config().application().runDirectory()).isEqualTo(Path.of("/var/lib/myelin/run"));

        assertThat(files.load("replicas: {}\nservices: {web: {executable: sh}}").problems())
                .anyMatch(problem -> problem.toString().contains("replicas: has no run_dir (expected: a path)"));
    }

    @Test
    void aPortIsABinding() {
        LoadedConfig loaded = files.load(
                "services: {raw: {executable: nc, protocol: tcp, port: '127.0.0.1:8080'}, worker: {executable: sleep}}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().application().services())
                .extracting(ReplicatedConfig::bindings)
                .containsExactly(List.of(new ReplicaBinding("", "raw", 8080, null, "", "tcp", "")), List.of());
        assertThat(loaded.config().application().name()).isEqualTo("myelin");
        assertThat(loaded.config().admin().port()).isEqualTo(9901);
    }

    @Test
    void clientsMaySpeakTlsWithMyelinInsteadOfWithReplicas() {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    executable: java
                    bindings:
                    - {name: main, port: 8443, protocol: https, certificate: development}
                    - {name: own, port: 8444, protocol: https}
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services())
                .extracting(service -> Objects.requireNonNull(service.listener()))
                .extracting(
                        ListenerConfig::protocol,
                        listener -> listener.addresses().get(0).options().tls())
                .containsExactly(tuple(Protocol.HTTP, DevelopmentTls.PENDING), tuple(Protocol.TCP, null));
        assertThat(loaded.config().application().services().get(0).bindings())
                .extracting(ReplicaBinding::protocol, ReplicaBinding::spoken)
                .containsExactly(tuple("https", "http"), tuple("https", "https"));
    }

    @Test
    void membersThatRunElsewhereAreProbedToo() {
        ServiceConfig service = files.service("""
                services:
                  web:
                    port: 8080
                    servers: ["127.0.0.1:1"]
                    liveness: {grpc: {service: a.b, protocol: https, verify: false}, failure_threshold: 2}
                    readiness: {exec: [test, -f, /tmp/ready]}
                    restart_hook: http://127.0.0.1:7000/restart
                """);

        assertThat(service.lifecycle())
                .isEqualTo(new LifecycleConfig(
                        new ProbeConfig(
                                new ProbeConfig.Grpc("a.b", null, "https", false),
                                Duration.ZERO,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                1,
                                2),
                        ProbeConfig.of(new ProbeConfig.Exec(List.of("test", "-f", "/tmp/ready"))),
                        Demotion.DRAIN,
                        LifecycleConfig.DEFAULT_DRAIN_LIMIT,
                        new HttpHook("http://127.0.0.1:7000/restart")));
        assertThat(service.pool().admission().provenOnly()).isTrue();
        assertThat(files.service("services: {a: {port: 1, servers: ['127.0.0.1:1']}}")
                        .pool()
                        .admission()
                        .provenOnly())
                .isFalse();
    }

    @Test
    void aHookIsAUrlOrAProgram() {
        String text = "services: {a: {port: 1, servers: ['127.0.0.1:1'], liveness: /, restart_hook: %s}}";

        assertThat(Objects.requireNonNull(
                                files.service(text.formatted("[a, b]")).lifecycle())
                        .restartHook())
                .isEqualTo(new CommandHook(List.of("a", "b")));
        assertThat(Objects.requireNonNull(
                                files.service(text.formatted("{command: a}")).lifecycle())
                        .restartHook())
                .isEqualTo(new CommandHook(List.of("a")));
        assertThat(files.problems(text.formatted("ftp://x")))
                .singleElement()
                .asString()
                .contains("services.a.restart_hook: ftp://x (expected: an http or https URL");
        assertThat(files.problems(text.formatted("{}")))
                .singleElement()
                .asString()
                .contains("services.a.restart_hook: has to say what is called (expected: url or command)");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThat(files.problems("""
                        services:
                          a: {port: 1, servers: ["127.0.0.1:1"], replicas: 2}
                          b: {port: 2, executable: java, servers: ["127.0.0.1:1"]}
                          c: {executable: java, image: redis}
                          d: {port: 3, executable: java, bindings: [{port: 4}]}
                          e: {port: 5, servers: ["127.0.0.1:1"], readiness: {http: {path: /, port: 9}}}
                          f: {port: 6, servers: ["127.0.0.1:1"], demotion: cut}
                          g: {executable: java, port: 7, readiness: {http: /, tcp: true}}
                          h: {executable: java, readiness: /ready}
                          i: {executable: java, port: 8, readiness: {http: /, period: 0s, success_threshold: 0}}
                          j: {executable: java, port: 9, restart: {first_wait: 2s, longest_wait: 1s}}
                        """))
                .hasSize(11)
                .anyMatch(p -> p.contains("a.replicas: is of replicas, and nothing says how to start one"))
                .anyMatch(p -> p.contains("b.servers: is set beside what is started here"))
                .anyMatch(p -> p.contains("c.image: is set beside executable"))
                .anyMatch(p -> p.contains("d.port: is set beside bindings"))
                .anyMatch(p -> p.contains("e.readiness.http.port: port 9 is asked for, and members have but their own"))
                .anyMatch(p -> p.contains("warning: services.f.demotion: has no effect without liveness or readiness"))
                .anyMatch(p -> p.contains("g.readiness.tcp: is set beside http"))
                .anyMatch(p -> p.contains("h.readiness: service h has no binding for the probe to ask"))
                .anyMatch(p -> p.contains("i.readiness.period: 0 (expected: more than 0)"))
                .anyMatch(p -> p.contains("i.readiness.success_threshold: 0 (expected: 1..999999999)"))
                .anyMatch(p -> p.contains("j.restart.longest_wait: is shorter than first_wait"));
    }
}
