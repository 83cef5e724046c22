package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.ServiceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class ProblemsTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    /** Keys of a service that is fine without them, and what is wrong with them. */
    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of("retries: {atempts: 1}", "retries.atempts: unknown key, did you mean attempts?", 18),
                Arguments.of(
                        "balance: {draws: 3}",
                        "balance: has no policy (expected: roundrobin, leastconn or random)",
                        17),
                Arguments.of(
                        "check: {http: /a, tcp: yes}", "check.tcp: is set beside http (expected: one of them)", 31),
                Arguments.of("check: nothing", "check: nothing (expected: tcp, a path such as /health, or a map)", 15),
                Arguments.of("check: {http: ping}", "check.http: ping (expected: a path that begins with /)", 22),
                Arguments.of(
                        "check: {http: {expect_status: ok}}",
                        "check.http.expect_status: ok (expected: a status such as 200 or 200-299)",
                        38),
                Arguments.of(
                        "check: {http: {headers: [a]}}",
                        "check.http.headers: `a` is not a header (expected: Name: value)",
                        32),
                Arguments.of(
                        "check: {http: {headers: {\"a\\nb\": c}}}",
                        "check.http.headers.a?b: `a?b: c` is not a header (expected: Name: value)",
                        41),
                Arguments.of("backend_port_override: +1", "backend_port_override: +1 (expected: 1..65535)", 31),
                Arguments.of(
                        "default_servers: []",
                        "servers: is another name of default_servers (expected: one of them)",
                        -1),
                Arguments.of("limits: {head: 17MiB}", "limits.head: 17MiB (expected: 1..16MiB)", 23),
                Arguments.of(
                        "routes: [{}]",
                        "routes[0]: names no request (expected: host, path_prefix, path or method)",
                        17));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aBadValueIsReportedWhereItStands(String keys, String message, int column) {
        String place = column < 0 ? "0.yaml:2:42" : "0.yaml:3:" + column;

        List<String> problems = files.problems(
                "services:\n  web: {protocol: http, port: 8080,      servers: ['h:1'],\n       " + keys + "}\n");

        assertThat(problems).containsExactly(place + ": services.web." + message);
    }

    /** Haproxy sections that can be used, and what has no effect. */
    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of(
                        "port: 1, bind_options: accept-proxy",
                        "bind_options: `accept-proxy`: the options `accept-proxy` are not interpreted: the PROXY protocol is not understood"),
                Arguments.of(
                        "port: 1, listen: [balance uri]",
                        "listen[0]: `balance uri`: uri is not interpreted: roundrobin is used"),
                Arguments.of(
                        "port: 1, listen: [balance static-rr]",
                        "listen[0]: `balance static-rr`: static-rr is not interpreted: roundrobin is used"),
                Arguments.of(
                        "port: 1, listen: [cookie SRV insert]",
                        "listen[0]: `cookie SRV insert`: not interpreted: clients do not stick to a member"),
                Arguments.of(
                        "port: 1, listen: [option httplog]",
                        "listen[0]: `option httplog`: not interpreted: logging is not configured by HAProxy's directives"),
                Arguments.of(
                        "port: 1, listen: [something else]",
                        "listen[0]: `something else`: not interpreted: it has no effect"),
                Arguments.of(
                        "port: 1, server_options: \"cookie %{name} check\"",
                        "server_options: `cookie %{name} check`: cookie %{name} is not interpreted: clients do not stick to a member"),
                Arguments.of("port: 1, backend_order: asc", "backend_order: not interpreted: it has no effect"),
                Arguments.of(
                        "port: 1, listen: [use_backend web if TRUE]",
                        "listen[0]: `use_backend web if TRUE`: has no effect: rules tell requests apart, and the service speaks TCP"),
                Arguments.of(
                        "port: 1, frontend: [\"bind :80 ssl crt x\"]",
                        "frontend[0]: `bind :80 ssl crt x`: the options `ssl crt x` are not interpreted: the listener speaks plain text, without TLS"),
                Arguments.of(
                        "port: 1, shared_frontend: [use_backend web]",
                        "shared_frontend[0]: has no effect: there is no top-level haproxy.shared_frontend"));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void whatHasNoEffectIsSaidOnce(String section, String message) {
        LoadedConfig loaded = files.load("services: {web: {default_servers: ['h:1'], haproxy: {" + section + "}}}");

        assertThat(loaded.problems())
                .extracting(problem -> problem.key() + ": " + problem.message())
                .containsExactly("services.web.haproxy." + message);
        assertThat(loaded.hasErrors()).isFalse();
    }

    @Test
    void aSocketThatIsNotOfIpListensNowhere() {
        assertThat(
                        files.problems(
                                "services: {web: {default_servers: ['h:1'], haproxy: {port: null, bind_address: /run/x.sock}}}"))
                .containsExactly(
                        "0.yaml:1:12: warning: services.web: takes no traffic: it has no port, and no route leads to it",
                        "0.yaml:1:80: warning: services.web.haproxy.bind_address: /run/x.sock is not an IP address:"
                                + " nothing listens there");
    }

    @Test
    void problemsComeInTheOrderOfTheFiles() {
        assertThat(
                        files.problems(
                                "services:\n  web: {port: 80, servers: ['h:1']}\nadmin: {address: 'localhost:1'}\nhaproxy: {}",
                                "x: [",
                                "haproxy: {}\nservices:\n  api: {port: 80, servers: ['h:1']}\n  web: {port: 81}\nadmin: {address: 'a:2'}",
                                "frontends:\n  f: {bind: ':81', default: api}\n  f: {}\nx-note: 5\n.old: 6\nnginx: {}\nstatsd: {}\nbogus: 7"))
                .containsExactly(
                        "1.yaml:1:5: not YAML: expected the node content, but found '<stream end>' (expected: YAML)",
                        "2.yaml:1:1: haproxy: may be there once, and is already at 0.yaml:4 (expected: once)",
                        "2.yaml:3:15: services.api.port: localhost:80 is taken by web at 0.yaml:2 (expected: another port or"
                                + " address)",
                        "2.yaml:4:3: services.web: is defined twice, first at 0.yaml:2 (expected: once)",
                        "2.yaml:5:1: admin: may be there once, and is already at 0.yaml:3 (expected: once)",
                        "3.yaml:3:3: frontends.f: is set twice, first at 3.yaml:2 (expected: once)",
                        "3.yaml:6:1: warning: nginx: not interpreted: a section for another program than Myelin",
                        "3.yaml:7:1: warning: statsd: not interpreted: metrics are on the admin address",
                        "3.yaml:8:1: bogus: unknown key (expected: one of services, frontends, admin, haproxy,"
                                + " service_conf_dir, file_output, statsd, nginx)");
    }

    @Test
    void oneBrokenServiceHarmsOnlyItself() {
        LoadedConfig loaded = files.load(
                "services:\n  bad: {port: x, servers: ['h:1']}\n  good: {port: 80, servers: ['h:1']}\n  worse: 5\n");

        assertThat(loaded.brokenServices()).containsExactly("bad", "worse");
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("good");
        assertThat(loaded.problems()).extracting(Problem::service).containsExactly("bad", "worse");
        assertThat(loaded.unusable()).isFalse();
    }

    @Test
    void anErrorOutsideServicesHarmsAll() {
        assertThat(files.load("services: {}\nfrontend: 5").unusable()).isTrue();
        assertThat(files.load("services: {").unusable()).isTrue();
        assertThat(new ConfigReader()
                        .read(List.of(directory.resolve("missing")))
                        .unusable())
                .isTrue();
    }

    @Test
    void filesWithoutServicesAreReported() {
        assertThat(files.problems("admin: {address: ':1'}"))
                .containsExactly("0.yaml: warning: services: there are none");
        assertThat(new ConfigReader().read(List.of()).problems()).isEmpty();
    }
}
