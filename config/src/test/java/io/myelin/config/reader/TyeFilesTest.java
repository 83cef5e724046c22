package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.DevelopmentTls;
import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.health.lifecycle.LifecycleConfig.Demotion;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.health.replica.ReplicatedConfig;
import io.myelin.model.MemberTls;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import io.myelin.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class TyeFilesTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of("."));

    @BeforeEach
    void useTheDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aServiceHasAPoolAndAListenerForEachBinding() {
        LoadedConfig loaded = load("""
                name: shop
                services:
                - name: Web
                  executable: java
                  args: Server.java --port %PORT%
                  replicas: 2
                  bindings:
                  - {name: main, port: 8080, protocol: http}
                  - {name: admin, port: 9090, protocol: http, host: 0.0.0.0}
                  - {name: raw, protocol: tcp}
                - name: worker
                  executable: sleep
                  args: "10"
                """);

        assertThat(loaded.config().application().name()).isEqualTo("shop");
        assertThat(loaded.config().application().source())
                .isEqualTo(directory.resolve("0.yaml").toString());
        assertThat(loaded.config().services())
                .extracting(ServiceConfig::name)
                .containsExactly("web", "web:admin", "web:raw");
        assertThat(loaded.config().services())
                .extracting(
                        service -> Objects.requireNonNull(service.listener()).addresses())
                .containsExactly(
                        List.of(new BindAddress("127.0.0.1", 8080)),
                        List.of(new BindAddress("0.0.0.0", 9090)),
                        List.of(new BindAddress("127.0.0.1", 0)));
        assertThat(loaded.config().services())
                .extracting(
                        service -> Objects.requireNonNull(service.listener()).protocol())
                .containsExactly(Protocol.HTTP, Protocol.HTTP, Protocol.TCP);
        assertThat(loaded.config().services())
                .allMatch(service -> service.pool().admission().provenOnly())
                .noneMatch(service -> service.pool().membership().usePrevious());
        ReplicatedConfig web = loaded.config().application().services().get(0);
        assertThat(web.name()).isEqualTo("web");
        assertThat(web.replicas()).isEqualTo(2);
        assertThat(web.launch()).isEqualTo(new Launch.Executable("java", "Server.java --port %PORT%", directory));
        assertThat(web.bindings())
                .containsExactly(
                        new ReplicaBinding("main", "web", 8080, null, "", "http", ""),
                        new ReplicaBinding("admin", "web:admin", 9090, null, "", "http", ""),
                        new ReplicaBinding("raw", "web:raw", null, null, "", "tcp", ""));
        assertThat(web.lifecycle().probes()).isFalse();
        assertThat(loaded.config().application().services())
                .extracting(ReplicatedConfig::name)
                .containsExactly("web", "worker");
    }

    @Test
    void probesHaveTyesDefaults() {
        ReplicatedConfig service = service("""
                services:
                - name: web
                  executable: java
                  bindings: [{port: 8080, protocol: http}]
                  liveness: {http: {path: /lively}}
                  readiness:
                    http:
                      path: /ready?x=1
                      port: 8080
                      protocol: http
                      headers:
                      - {name: X-A, value: 1}
                    initialDelay: 5
                    period: 2
                    timeout: 3
                    successThreshold: 2
                    failureThreshold: 4
                """);

        assertThat(service.lifecycle().liveness())
                .isEqualTo(new ProbeConfig(
                        new ProbeConfig.Http("/lively", null, "", List.of(), true),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        3));
        assertThat(service.lifecycle().readiness())
                .isEqualTo(new ProbeConfig(
                        new ProbeConfig.Http("/ready?x=1", 8080, "http", List.of("X-A: 1"), true),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        2,
                        4));
        assertThat(service.lifecycle().demotion()).isEqualTo(Demotion.DRAIN);
    }

    /** Scenario 12, and scenario 11's port. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http: {path: /} ~period: 0 | period | 8:5 | \"period\" value must be greater than zero",
                "http: {path: /} ~timeout: 0 | timeout | 8:5 | \"timeout\" value must be greater than zero",
                "http: {path: /} ~successThreshold: 0 | successThreshold | 8:5 | \"successThreshold\" value must be greater than zero",
                "http: {path: /} ~failureThreshold: 0 | failureThreshold | 8:5 | \"failureThreshold\" value must be greater than zero",
                "http: {path: /} ~initialDelay: -1 | initialDelay | 8:5 | \"initialDelay\" value cannot be negative",
                "http: {path: /} ~period: 3.5 | period | 8:5 | \"period\" value must be an integer",
                "http: {path: /} ~period: soon | period | 8:5 | \"period\" value must be an integer",
                "period: 1 | | 7:5 | A prober must be configured for the liveness probe",
                "http: {port: 8080} | http | 7:5 | has no path",
                "http: | http | 7:5 | has no path",
                "http: {path: lively} | http.path | 7:5 | lively",
                "http: {path: /, headers: abc} | http.headers | 7:5 | is no list",
                "http: {path: /, headers: [{name: a}]} | http.headers[0] | 7:5 | has no value",
                "http: {path: /, headers: [{value: a}]} | http.headers[0] | 7:5 | has no name",
                "http: {path: /, headers: [{name: a, value: b, x: c}]} | http.headers[0].x | 7:5 | Unexpected key \"x\" in the tye configuration file",
                "http: {path: /, y: 1} | http.y | 7:5 | Unexpected key \"y\" in the tye configuration file",
                "http: {path: /} ~perod: 1 | perod | 8:5 | Unexpected key \"perod\" in the tye configuration file, did you mean period?",
                "http: {path: /, port: 7777} | http.port | 7:5 | service web has no binding with port 7777 for the probe to ask",
                "http: {path: /, protocol: https} | http.port | 7:5 | service web has no binding with protocol https for the probe to ask"
            })
    void aWrongProbeIsRefusedWithKeyAndLine(String probe, String key, String place, String message) {
        String name = "liveness";
        String text = """
                services:
                - name: web
                  executable: java
                  bindings:
                  - {port: 8080, protocol: http}
                  %s:
                    %s
                """.formatted(name, probe.replace("~", "\n    "));

        assertThat(files.problems(text)).singleElement().satisfies(problem -> {
            String path = "services.web." + name + (key == null ? "" : "." + key);
            String line = place.substring(0, place.indexOf(':'));
            assertThat(problem).startsWith("0.yaml:" + line + ":").contains(": " + path + ": " + message);
        });
        LoadedConfig loaded = files.load(text);
        assertThat(loaded.brokenServices()).containsExactly("web");
        assertThat(loaded.config().services()).isEmpty();
        assertThat(loaded.config().application().services()).isEmpty();
    }

    @Test
    void livenessTakesOneSuccess() {
        assertThat(files.problems("""
                        services:
                        - name: web
                          executable: java
                          bindings: [{port: 8080}]
                          liveness: {http: {path: /}, successThreshold: 2}
                          readiness: {http: {path: /}, successThreshold: 2}
                        """))
                .containsExactly("0.yaml:5:49: services.web.liveness.successThreshold:"
                        + " \"successThreshold\" for liveness probe must be set to \"1\" (expected: 1)");
    }

    @Test
    void unknownKeysAreErrorsAtEveryLevel() {
        assertThat(files.problems("""
                        servces: []
                        services:
                        - name: web
                          executabel: java
                          executable: java
                          bindings: [{prot: 1}]
                        ingress:
                        - name: gate
                          bindngs: []
                          bindings: [{port: 8080, i: 1}]
                          rules: [{service: web, paht: /}]
                        """))
                .hasSize(6)
                .allMatch(problem -> problem.contains("Unexpected key \""))
                .anyMatch(problem -> problem.startsWith("0.yaml:1:1: servces: Unexpected key \"servces\""))
                .anyMatch(problem -> problem.startsWith("0.yaml:6:15: services.web.bindings[0].prot: Unexpected key"))
                .anyMatch(problem -> problem.contains("ingress.gate.rules[0].paht: Unexpected key"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "project: a/a.csproj | project | executable: dotnet",
                "dockerFile: Dockerfile | dockerFile | image: NAME",
                "azureFunction: f | azureFunction | executable: func",
                "repository: https://example.com/a | repository | include: PATH"
            })
    void whatMyelinDoesNotBuildIsRefusedWithAWayOut(String line, String key, String wayOut) {
        assertThat(files.problems("services:\n- name: web\n  " + line + "\n- name: other\n  executable: java\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("0.yaml:3:3: services.web." + key + ": Myelin runs what is built, and cannot run a "
                                + key)
                        .contains("(expected: " + wayOut));
    }

    @Test
    void aServiceHasOneKind() {
        assertThat(files.problems("""
                        services:
                        - name: none
                          replicas: 2
                        - name: two
                          executable: java
                          image: redis
                        - name: three
                          external: true
                          image: redis
                        """))
                .containsExactly(
                        "0.yaml:2:3: services.none: Unable to determine service type"
                                + " (expected: one of executable, image, external, include)",
                        "0.yaml:6:3: services.two.image: is set beside executable (expected: one of them)",
                        "0.yaml:8:3: services.three.external: is set beside what is started here (expected: one of"
                                + " them)");
    }

    @Test
    void namesAreCheckedAndUnique() {
        assertThat(files.problems("""
                        services:
                        - {name: web_1, executable: java}
                        - {executable: java}
                        - {name: A, executable: java}
                        - {name: a, executable: java}
                        - {name: a%s, executable: java}
                        """.formatted("b".repeat(63))))
                .hasSize(4)
                .anyMatch(problem -> problem.startsWith("0.yaml:2:10: services[0].name: web_1 (expected: a letter"))
                .anyMatch(problem -> problem.startsWith("0.yaml:3:3: services[1]: has no name"))
                .anyMatch(problem -> problem.startsWith("0.yaml:5:3: services.a: is defined twice, first at"))
                .anyMatch(problem -> problem.startsWith("0.yaml:6:10: services[4].name: abbb"));
    }

    @Test
    void bindingsAreToldApart() {
        assertThat(files.problems("""
                        services:
                        - name: a
                          executable: java
                          bindings: [{port: 1}, {name: x, port: 2}]
                        - name: b
                          executable: java
                          bindings: [{name: x, port: 3}, {name: x, port: 4}]
                        - name: c
                          executable: java
                          bindings: [{name: x, port: 5}, {name: y, port: 5}]
                        - name: d
                          executable: java
                          bindings: [{port: 6, protocol: udp}]
                        - name: e
                          executable: java
                          bindings: [{port: 2}]
                          replicas: -1
                        """))
                .hasSize(5)
                .anyMatch(p -> p.contains("4:14: services.a.bindings[0]: has no name, and the service has several"))
                .anyMatch(p -> p.contains("services.b.bindings[1].name: another binding of the service is named x"))
                .anyMatch(p -> p.contains("services.c.bindings[1].port: port 5 is that of another binding"))
                .anyMatch(
                        p -> p.contains("services.d.bindings[0].protocol: Proxy does not support the udp protocol yet"))
                .anyMatch(p -> p.contains("services.e.replicas: \"replicas\" value cannot be negative"));
    }

    @Test
    void twoServicesCannotHaveOnePort() {
        LoadedConfig loaded = files.load("""
                services:
                - {name: a, executable: java, bindings: [{name: x, port: 81}, {name: y, port: 82}]}
                - {name: b, executable: java, bindings: [{name: x, port: 83}, {name: y, port: 82}]}
                """);

        assertThat(loaded.problems())
                .singleElement()
                .satisfies(problem -> assertThat(files.shortened(problem))
                        .startsWith("0.yaml:3:79: services.b.bindings[1].port: 127.0.0.1:82 is taken by a:y at"));
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("a", "a:y");
        assertThat(loaded.config().application().services())
                .extracting(ReplicatedConfig::name)
                .containsExactly("a");
    }

    @Test
    void variablesComeFromListsFilesAndTheShell() throws IOException {
        Files.writeString(directory.resolve("some.env"), "# comment\n\nFROM_FILE=1=2\n BOTH=file\nPATH\n");

        ReplicatedConfig service = service("""
                services:
                - name: web
                  executable: java
                  env_file: [some.env]
                  env:
                  - {name: A, value: b}
                  - B=c=d
                  - BOTH=list
                  - MYELIN_SURELY_NOT_SET
                  configuration:
                  - C=1
                """);

        assertThat(service.environment())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "FROM_FILE", "1=2",
                        "BOTH", "list",
                        "PATH", System.getenv("PATH"),
                        "A", "b",
                        "B", "c=d",
                        "MYELIN_SURELY_NOT_SET", "",
                        "C", "1"));
    }

    @Test
    void aMissingFileOfVariablesIsAnError() {
        assertThat(files.problems("""
                        services:
                        - name: web
                          executable: java
                          env_file: [no.env]
                          env: [=x, {value: 1}]
                        """))
                .containsExactly(
                        "0.yaml:4:14: services.web.env_file[0]: no.env: there is no such file (expected: a file with a"
                                + " line NAME=VALUE for each variable)",
                        "0.yaml:5:9: services.web.env[0]: names no variable (expected: NAME=VALUE, NAME to pass on"
                                + " this process's own, or a map with name and value)",
                        "0.yaml:5:13: services.web.env[1]: has no name (expected: NAME=VALUE, NAME to pass on"
                                + " this process's own, or a map with name and value)");
    }

    @Test
    void includedFilesAreFollowedAndTheirPathsBeginThere() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other/deep"));
        Files.writeString(directory.resolve("other/tye.yaml"), """
                services:
                - {name: b, executable: ./b.sh, workingDirectory: deep}
                - {name: again, include: deep/more.yaml}
                """);
        Files.writeString(other.resolve("more.yaml"), "services: [{name: c, executable: java}]");
        Files.writeString(directory.resolve("other/b.sh"), "");

        LoadedConfig loaded = load("""
                services:
                - {name: a, executable: java}
                - {name: others, include: other}
                - {name: twice, include: other/deep/more.yaml}
                """);

        assertThat(loaded.config().application().services())
                .extracting(ReplicatedConfig::name)
                .containsExactly("a", "b", "c");
        assertThat(loaded.config().application().services().get(1).launch())
                .isEqualTo(new Launch.Executable(
                        directory.resolve("other/b.sh").toString(), "", directory.resolve("other/deep")));
        assertThat(loaded.config().reload().places())
                .contains(directory.resolve("other/tye.yaml"), other.resolve("more.yaml"));
    }

    @Test
    void aCircleOfIncludesIsNamed() throws IOException {
        Files.writeString(directory.resolve("b.yaml"), "services: [{name: c, include: 0.yaml}]");

        LoadedConfig loaded = files.load("services:\n- {name: a, executable: java}\n- {name: b, include: b.yaml}\n");

        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly("b.yaml:1:31: services.c.include: goes round in a circle: 0.yaml includes b.yaml"
                        + " includes 0.yaml (expected: no circle)");
        assertThat(loaded.config().application().services()).hasSize(1);
    }

    @Test
    void aMissingIncludeHarmsNoOther() {
        LoadedConfig loaded = files.load("services:\n- {name: a, executable: java}\n- {name: b, include: b.yaml}\n");

        assertThat(loaded.unusable()).isFalse();
        assertThat(loaded.brokenServices()).containsExactly("b");
        assertThat(loaded.problems().stream().map(files::shortened))
                .anyMatch(problem -> problem.startsWith("b.yaml: there is no such file"));
    }

    @Test
    void containersKnowTheirPortAndTheirVolumes() {
        ReplicatedConfig service = service("""
                containerEngine: podman
                services:
                - name: web
                  image: nginx:1
                  args: -g x
                  bindings:
                  - {name: a, port: 8080, protocol: http}
                  - {name: b, port: 8081, protocol: http}
                  - {name: c, port: 8443, protocol: https}
                  - {name: d, port: 6000, containerPort: 6379}
                  volumes:
                  - {source: html, target: /usr/share/nginx/html}
                  - {name: data, target: /data}
                """);

        assertThat(service.launch())
                .isEqualTo(new Launch.Container(
                        "podman",
                        "nginx:1",
                        "-g x",
                        List.of(directory.resolve("html") + ":/usr/share/nginx/html", "data:/data")));
        assertThat(service.bindings()).extracting(ReplicaBinding::containerPort).containsExactly(80, null, 443, 6379);
    }

    @Test
    void withContainersListenersAreReachedFromThem() {
        LoadedConfig loaded = load("""
                services:
                - {name: web, executable: java, bindings: [{port: 8080}]}
                - {name: cache, image: redis}
                """);

        assertThat(Objects.requireNonNull(loaded.config().services().get(0).listener())
                        .addresses())
                .containsExactly(new BindAddress("*", 8080));
    }

    @Test
    void anExternalServiceIsAPoolWithoutAListener() {
        LoadedConfig loaded = load("""
                services:
                - {name: db, external: true, bindings: [{port: 5432, host: db.example.com, protocol: tcp}]}
                - {name: cloud, external: true, bindings: [{connectionString: "a=${env:PATH}"}]}
                """);

        ServiceConfig service = loaded.config().services().get(0);
        assertThat(service.listener()).isNull();
        assertThat(service.pool().membership().defaults())
                .extracting(endpoint -> endpoint.host() + ":" + endpoint.port())
                .containsExactly("db.example.com:5432");
        assertThat(loaded.config().services()).hasSize(1);
        assertThat(loaded.config().application().services())
                .extracting(ReplicatedConfig::name)
                .containsExactly("db", "cloud");
    }

    @Test
    void tokensOfConnectionStringsAreChecked() {
        assertThat(files.problems("""
                        services:
                        - name: a
                          executable: java
                          bindings: [{connectionString: "${hots}"}]
                        - name: b
                          executable: java
                          bindings: [{port: 81, connectionString: "${service:c:port}${service:b:x:port}"}]
                        - name: d
                          executable: java
                          env: [KNOWN=1]
                          bindings: [{connectionString: "${env:KNOWN}${env:MYELIN_SURELY_NOT_SET}"}]
                        """))
                .hasSize(4)
                .anyMatch(
                        p -> p.startsWith(
                                "0.yaml:4:33: services.a.bindings[0].connectionString: unknown token ${hots} (expected: ${host}"))
                .anyMatch(p -> p.contains("service c has no binding (expected"))
                .anyMatch(p -> p.contains("service b has no binding named x (expected"))
                .anyMatch(p -> p.contains("the environment variable MYELIN_SURELY_NOT_SET is not set"));
    }

    @Test
    void ingressIsAFrontendWhoseLongestPathWins() {
        LoadedConfig loaded = load("""
                ingress:
                - name: gate
                  bindings:
                  - {name: a, port: 8080}
                  - {name: b, port: 8081, ip: "*"}
                  rules:
                  - {service: web}
                  - {path: /api/, service: WEB}
                  - {path: /api, host: "*.example.com", service: db}
                  - {path: /api/v2, service: web}
                  - {host: a.example.com, service: web}
                services:
                - {name: web, executable: java, bindings: [{name: raw, port: 1, protocol: tcp}, {name: h, port: 2, protocol: http}]}
                - {name: db, external: true, bindings: [{port: 5432}]}
                """);

        ListenerConfig gate = loaded.config().frontends().get(0);
        assertThat(gate.name()).isEqualTo("gate");
        assertThat(gate.addresses()).containsExactly(new BindAddress("127.0.0.1", 8080), new BindAddress("*", 8081));
        assertThat(gate.routes().routes())
                .extracting(route -> route.pool())
                .containsExactly("web:h", "db", "web:h", "web:h", "web:h");
    }

    @Test
    void mistakesOfIngressAreNamed() {
        assertThat(files.problems("""
                        ingress:
                        - name: gate
                          bindings: [{name: a, port: 8080, ip: here}, {port: 8080, protocol: ftp}]
                          rules:
                          - {service: nobody}
                          - {path: x, service: web}
                          - {path: /a}
                          - {path: /b, service: web}
                          - {path: /B/, service: raw}
                        services:
                        - {name: web, executable: java, bindings: [{port: 1, protocol: http}]}
                        - {name: raw, executable: java, bindings: [{port: 2, protocol: tcp}]}
                        """))
                .anyMatch(p -> p.contains(
                        "ingress.gate.bindings[0].ip: \"ip\" value must be an IP address, \"*\" or \"localhost\""))
                .anyMatch(p -> p.contains("ingress.gate.bindings[1]: has no name, and the ingress has several"))
                .anyMatch(p -> p.contains("ingress.gate.bindings[1].port: 127.0.0.1:8080 is taken by gate"))
                .anyMatch(p -> p.contains("ingress.gate.bindings[1].protocol: ftp (expected: http or https)"))
                .anyMatch(p -> p.contains("ingress.gate.rules[0].service: there is no service nobody"))
                .anyMatch(p -> p.contains("ingress.gate.rules[1].path: x (expected: a path that begins with /)"))
                .anyMatch(p -> p.contains("ingress.gate.rules[2]: has no service"))
                .anyMatch(p -> p.contains("ingress.gate.rules[4].service: raw has no binding that speaks http"));
    }

    @Test
    void anIngressLeadsToThoseWhoSpeakHttpsThemselves() {
        LoadedConfig loaded = load("""
                ingress:
                - {name: gate, bindings: [{port: 8080}], rules: [{path: /a, service: web}, {path: /b, service: far}]}
                services:
                - {name: web, executable: java, bindings: [{name: s, port: 1, protocol: https}, {name: t, port: 3}]}
                - {name: far, external: true, bindings: [{host: far.test, port: 2, protocol: https}]}
                """);

        assertThat(loaded.config().frontends().get(0).routes().routes())
                .extracting(route -> route.pool())
                .containsExactlyInAnyOrder("web:t", "far");
        assertThat(tlsOf(loaded, "web"))
                .isEqualTo(MemberTls.VERIFIED
                        .with()
                        .verify(false)
                        .requestsOnly(true)
                        .build());
        assertThat(tlsOf(loaded, "web:t").enabled()).isFalse();
        assertThat(tlsOf(loaded, "far"))
                .isEqualTo(MemberTls.VERIFIED.with().requestsOnly(true).build());
    }

    private static MemberTls tlsOf(LoadedConfig loaded, String service) {
        return loaded.config().services().stream()
                .filter(one -> one.name().equals(service))
                .findFirst()
                .orElseThrow()
                .pool()
                .upstream()
                .tls();
    }

    @Test
    void overHttpsACertificateIsGivenOrMade() {
        String pem = Path.of("../proxy-core/src/test/resources/tls/localhost.pem")
                .toAbsolutePath()
                .toString();
        LoadedConfig loaded = load("""
                ingress:
                - name: gate
                  bindings:
                  - {name: a, port: 8443, protocol: https, ip: 10.1.2.3}
                  - {name: b, port: 8444, protocol: https, certificate: %1$s, key: %1$s}
                  rules:
                  - {host: "a.example.com:8443", service: web}
                  - {host: "*.b.example.com", service: web}
                services:
                - name: web
                  executable: java
                  bindings:
                  - {name: own, port: 1, protocol: https}
                  - {name: ours, port: 2, protocol: https, certificate: development}
                  readiness: {http: {path: /, port: 2, protocol: http}}
                """.formatted(pem));

        assertThat(loaded.config().frontends().get(0).addresses())
                .extracting(address -> address.options().tls())
                .containsExactly(DevelopmentTls.PENDING, TlsConfig.of(pem, pem));
        assertThat(loaded.config().application().developmentTls().hosts())
                .containsExactly("*.b.example.com", "10.1.2.3", "a.example.com");
        assertThat(loaded.config().frontends().get(0).routes().routes())
                .extracting(route -> route.pool())
                .containsExactly("web:ours", "web:ours");
        ListenerConfig own =
                Objects.requireNonNull(loaded.config().services().get(0).listener());
        ListenerConfig ours =
                Objects.requireNonNull(loaded.config().services().get(1).listener());
        assertThat(own.protocol()).isEqualTo(Protocol.TCP);
        assertThat(own.addresses().get(0).options().tls()).isNull();
        assertThat(ours.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(ours.addresses().get(0).options().tls()).isEqualTo(DevelopmentTls.PENDING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "certificate: development | certificate: is set beside another protocol (expected: protocol: https)",
                "protocol: https, key: a | key: is set without a certificate (expected: certificate)",
                "protocol: https, certificate: development, key: a | key: is set beside certificate: development",
                "protocol: https, certificate: nowhere.pem | nowhere.pem is not there (expected: a PEM file"
            })
    void aCertificateThatCannotBeShownIsRefused(String binding, String problem) {
        String service = "services: [{name: web, executable: java, bindings: [{port: 1, %s}]}]".formatted(binding);
        assertThat(files.problems(service))
                .singleElement()
                .asString()
                .startsWith("0.yaml:1:")
                .contains("services.web.bindings[0].")
                .contains(problem);
        assertThat(files.problems("ingress: [{name: gate, bindings: [{%s}]}]\nservices: []".formatted(binding)))
                .singleElement()
                .asString()
                .contains("ingress.gate.bindings[0].")
                .contains(problem);
    }

    @Test
    void theDashboardIsWhereTyesIs() {
        String service = "services: [{name: a, executable: java, bindings: [{port: %d}]}]\n";

        assertThat(load(service.formatted(81)).config().admin()).isEqualTo(new BindAddress("127.0.0.1", 8000));
        assertThat(load(service.formatted(81)).config().application().anyAdminPort())
                .isTrue();
        assertThat(load(service.formatted(8000)).config().admin()).isEqualTo(new BindAddress("127.0.0.1", 0));
        LoadedConfig stated = load("dashboardPort: 8005\n" + service.formatted(81));
        assertThat(stated.config().admin()).isEqualTo(new BindAddress("127.0.0.1", 8005));
        assertThat(stated.config().application().anyAdminPort()).isFalse();
        LoadedConfig nativeSection = load("admin: {address: '127.0.0.1:7'}\n" + service.formatted(8000));
        assertThat(nativeSection.config().admin()).isEqualTo(new BindAddress("127.0.0.1", 7));
        assertThat(nativeSection.config().application().anyAdminPort()).isFalse();
        assertThat(files.problems("dashboardPort: 8005\n" + service.formatted(8005)))
                .singleElement()
                .asString()
                .contains("127.0.0.1:8005 is taken by dashboard");
    }

    @Test
    void aFileOfTyesAndANativeOneAreOneConfiguration() {
        LoadedConfig loaded = files.load(
                "services: [{name: a, executable: java, bindings: [{port: 81}]}]",
                "services: {b: {servers: ['127.0.0.1:1'], port: 82}, a: {servers: ['127.0.0.1:1'], port: 83}}");

        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("b");
        assertThat(loaded.problems())
                .singleElement()
                .satisfies(problem -> assertThat(files.shortened(problem))
                        .startsWith("0.yaml:1:12: services.a: is defined twice, first at"));
    }

    private LoadedConfig load(String text) {
        LoadedConfig loaded = files.load(text);
        assertThat(loaded.problems()).isEmpty();
        return loaded;
    }

    private ReplicatedConfig service(String text) {
        return load(text).config().application().services().get(0);
    }
}
