package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.operator.FileOutputConfig;
import io.myelin.config.operator.OperatorConfig;
import io.myelin.config.operator.SocketConfig;
import io.myelin.config.operator.SocketConfig.Level;
import io.myelin.config.operator.StateFileConfig;
import io.myelin.config.operator.StatsConfig;
import io.myelin.config.operator.StatsConfig.User;
import io.myelin.config.operator.StatsdConfig;
import io.myelin.server.BindAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file says of operators' tools. */
class OperatorKeysTest {
    private static final String SERVICE = "services: {web: {port: 80, servers: ['h:1']}}\n";

    @TempDir
    Path directory;

    private ConfigFiles files;

    @BeforeEach
    void open() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aSectionOfStatisticsIsAListener() {
        String section = """
                haproxy:
                  extra_sections:
                    listen stats :3212:
                      - mode http
                      - bind 10.0.0.1:3213
                      - stats enable
                      - stats uri /haproxy
                      - stats refresh 5
                      - stats realm The\\ page
                      - stats auth ops:se:cret
                      - stats scope web
                      - stats hide-version
                      - timeout client 5s
                """;

        assertThat(files.problems(SERVICE + section)).isEmpty();
        StatsConfig stats = operators(section).stats().get(0);
        assertThat(stats.addresses()).containsExactly(new BindAddress("*", 3212), new BindAddress("10.0.0.1", 3213));
        assertThat(stats.uri()).isEqualTo("/haproxy");
        assertThat(stats.refresh()).isEqualTo(Duration.ofSeconds(5));
        assertThat(stats.realm()).isEqualTo("The page");
        assertThat(stats.users()).containsExactly(new User("ops", "se:cret"));
        assertThat(stats.scopes()).isEqualTo(Set.of("web"));
        assertThat(stats.toString()).doesNotContain("cret");
    }

    @Test
    void withoutAUriItIsHaproxysOwn() {
        assertThat(operators("haproxy: {extra_sections: {frontend s: ['bind :1', stats enable]}}")
                        .stats())
                .singleElement()
                .satisfies(stats -> assertThat(stats.uri()).isEqualTo("/haproxy?stats"));
    }

    @Test
    void whatCannotBeHonouredIsSaid() {
        assertThat(files.problems(SERVICE + """
                haproxy:
                  extra_sections:
                    listen a: [stats enable]
                    listen b :80: [stats enable]
                    listen c :82: [stats enable, 'http-request deny unless { src 10.0.0.1 }']
                    listen d :83: [stats refresh x, stats auth nobody, stats admin if TRUE, frobnicate]
                    listen f localhost:80: [stats enable]
                """))
                .containsExactly(
                        "0.yaml:4:5: warning: haproxy.extra_sections.listen a: `listen a`: has no address: nothing"
                                + " listens there",
                        "0.yaml:6:5: warning: haproxy.extra_sections.listen c :82: `listen c :82`: not opened: see its"
                                + " lines",
                        "0.yaml:6:34: warning: haproxy.extra_sections.listen c :82[1]: `http-request deny unless { src"
                                + " 10.0.0.1 }`: not interpreted: the statistics that it guards are not shown",
                        "0.yaml:7:20: haproxy.extra_sections.listen d :83[0]: `stats refresh x`: `x` is not a time"
                                + " (expected: such as 500, 250ms or 2s)",
                        "0.yaml:7:37: haproxy.extra_sections.listen d :83[1]: `stats auth nobody`: there is no user and"
                                + " password (expected: USER:PASSWORD)",
                        "0.yaml:7:56: warning: haproxy.extra_sections.listen d :83[2]: `stats admin if TRUE`: nothing"
                                + " can be changed on the page; the runtime socket can",
                        "0.yaml:7:77: warning: haproxy.extra_sections.listen d :83[3]: `frobnicate`: has no effect on"
                                + " statistics",
                        "0.yaml:8:5: haproxy.extra_sections.listen f localhost:80: localhost:80 is taken by web at"
                                + " 0.yaml:1 (expected: another port or address)");
    }

    @Test
    void runtimeSocketsAreThoseOfLinesOfPathsAndOfTheNativeKey() {
        OperatorConfig operators = operators("""
                admin: {socket: /run/own.sock}
                haproxy:
                  socket_file_path: [/run/a.sock, /run/b.sock]
                  global:
                    - stats socket /run/b.sock mode 660 user haproxy level operator expose-fd listeners
                    - stats socket /run/c.sock
                    - stats timeout 10s
                """);

        assertThat(operators.sockets())
                .extracting(SocketConfig::path)
                .containsExactly("/run/b.sock", "/run/c.sock", "/run/a.sock", "/run/own.sock");
        assertThat(operators.sockets())
                .extracting(SocketConfig::level)
                .containsExactly(Level.OPERATOR, Level.OPERATOR, Level.ADMIN, Level.ADMIN);
        assertThat(operators.sockets())
                .extracting(socket -> socket.access().mode())
                .containsExactly(0660, 0600, 0600, 0600);
        assertThat(operators.sockets().get(0).access().user()).isEqualTo("haproxy");
        assertThat(operators("haproxy: {do_socket: false, socket_file_path: /run/a.sock}")
                        .sockets())
                .isEmpty();
    }

    @Test
    void statisticsMayBeOnAUnixSocket() {
        assertThat(operators("haproxy: {extra_sections: {listen s: ['bind /run/x.sock mode 660', stats enable]}}")
                        .stats())
                .singleElement()
                .satisfies(stats -> {
                    assertThat(stats.addresses()).extracting(BindAddress::host).containsExactly("/run/x.sock");
                    assertThat(stats.addresses().get(0).options().file().mode()).isEqualTo(0660);
                });
    }

    @Test
    void aSocketThatCannotBeHadIsSaid() {
        assertThat(files.problems(SERVICE + """
                admin: {socket: run/own.sock}
                haproxy:
                  global:
                    - stats socket ipv4@127.0.0.1:9999
                    - stats socket /run/c.sock mode rw level root
                """))
                .containsExactly(
                        "0.yaml:2:17: admin.socket: run/own.sock (expected: the path of a Unix socket, which begins with"
                                + " /)",
                        "0.yaml:5:7: warning: haproxy.global[0]: `stats socket ipv4@127.0.0.1:9999`: is not the path of a"
                                + " Unix socket: nothing listens there",
                        "0.yaml:6:7: haproxy.global[1]: `stats socket /run/c.sock mode rw level root`: `rw` is not a file"
                                + " mode (expected: an octal number, such as 660)",
                        "0.yaml:6:7: haproxy.global[1]: `stats socket /run/c.sock mode rw level root`: `root` is not a"
                                + " level (expected: user, operator or admin)");
    }

    @Test
    void synapsesStateFileIsKeptAndTheNativeKeyWins() {
        assertThat(operators("haproxy: {state_file_path: /run/s.json, state_file_ttl: 60}")
                        .stateFile())
                .isEqualTo(new StateFileConfig(Path.of("/run/s.json"), Duration.ofSeconds(60)));
        assertThat(operators("haproxy: {state_file_path: /run/s.json}\nstate_file: {path: /run/n.json}")
                        .stateFile())
                .isEqualTo(new StateFileConfig(Path.of("/run/n.json"), Duration.ofDays(1)));
        assertThat(operators("state_file: {path: /run/n.json, ttl: 2h, interval: 10s}")
                        .stateFile())
                .isEqualTo(new StateFileConfig(Path.of("/run/n.json"), Duration.ofHours(2), Duration.ofSeconds(10)));
        assertThat(files.problems(SERVICE + "state_file: {ttl: 0s}"))
                .containsExactly(
                        "0.yaml:2:1: state_file: has no path (expected: a path)",
                        "0.yaml:2:19: state_file.ttl: 0 (expected: more than 0)");
    }

    @Test
    void endpointsAreWrittenExceptForThoseOfServicesThatSayNo() {
        OperatorConfig operators = files.load("""
                services:
                  web: {port: 80, servers: ['h:1'], file_output: {disabled: true}}
                  api: {port: 81, servers: ['h:1'], file_output: {}}
                file_output: {output_directory: /run/synapse, purge: no}
                """).config().operators();

        assertThat(operators.fileOutput())
                .isEqualTo(new FileOutputConfig(Path.of("/run/synapse"), Set.of("web"), false));
        assertThat(files.problems("services: {web: {port: 80, servers: ['h:1'], file_output: {}}}"))
                .containsExactly("0.yaml:1:46: warning: services.web.file_output: has no effect: there is no top-level"
                        + " file_output");
        assertThat(files.problems(SERVICE + "file_output: {}"))
                .containsExactly("0.yaml:2:1: file_output: has no output_directory (expected: a path)");
    }

    @Test
    void metricsAreSentWhereSynapseSentThem() {
        assertThat(operators("statsd: {}").statsd()).isEqualTo(new StatsdConfig("localhost", 8125, Map.of()));
        assertThat(operators("statsd: {host: h, port: '8126', sample_rate: {synapse.watcher.ping.count: 0.1}}")
                        .statsd())
                .isEqualTo(new StatsdConfig("h", 8126, Map.of("synapse.watcher.ping.count", 0.1)));
        assertThat(files.problems(SERVICE + "statsd: {sample_rate: {a: 2}, prefix: x}"))
                .containsExactly(
                        "0.yaml:2:27: statsd.sample_rate.a: 2 (expected: a part between 0 and 1)",
                        "0.yaml:2:31: statsd.prefix: unknown key (expected: one of host, port, sample_rate)");
    }

    private OperatorConfig operators(String text) {
        return files.load(SERVICE + text).config().operators();
    }
}
