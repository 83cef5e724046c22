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
                        "balance: has no policy (expected: roundrobin, static_rr, leastconn, random, first, source, peak_ewma or hash)",
                        17),
                Arguments.of(
                        "balance: fastest",
                        "balance: fastest (expected: roundrobin, static_rr, leastconn, random, first, source, peak_ewma, or a map with policy: hash)",
                        17),
                Arguments.of(
                        "balance: hash",
                        "balance: hash (expected: roundrobin, static_rr, leastconn, random, first, source, peak_ewma, or a map with policy: hash)",
                        17),
                Arguments.of("balance: [first]", "balance: is a list (expected: a map)", 17),
                Arguments.of(
                        "balance: {policy: static-rr}",
                        "balance.policy: static-rr (expected: roundrobin, static_rr, leastconn, random, first, source, peak_ewma or hash)",
                        26),
                Arguments.of(
                        "balance: {policy: hash}",
                        "balance: has no key (expected: source, path, uri, header or query)",
                        17),
                Arguments.of(
                        "balance: {policy: hash, key: cookie}",
                        "balance.key: cookie (expected: source, path, uri, header or query)",
                        37),
                Arguments.of(
                        "balance: {policy: hash, key: header}",
                        "balance: has no name (expected: that of a header)",
                        17),
                Arguments.of(
                        "balance: {policy: hash, key: query}",
                        "balance: has no name (expected: that of a parameter)",
                        17),
                Arguments.of(
                        "balance: {policy: hash, key: header, name: a b}",
                        "balance.name: a b (expected: a name without spaces)",
                        51),
                Arguments.of(
                        "balance: {policy: hash, key: path, name: x}",
                        "balance.name: is set beside key: path (expected: key: header or query)",
                        49),
                Arguments.of(
                        "balance: {policy: source, key: path}",
                        "balance.key: is set beside policy: source (expected: policy: hash)",
                        34),
                Arguments.of(
                        "balance: {policy: first, layout: map}",
                        "balance.layout: is set beside policy: first (expected: policy: hash)",
                        33),
                Arguments.of(
                        "balance: {policy: first, draws: 2}",
                        "balance.draws: is set beside policy: first (expected: policy: random)",
                        33),
                Arguments.of(
                        "balance: {policy: source, layout: ring}",
                        "balance.layout: ring (expected: map, consistent or maglev)",
                        42),
                Arguments.of(
                        "balance: {policy: source, balance_factor: 99}",
                        "balance.balance_factor: 99 (expected: 0 or 100..65535)",
                        50),
                Arguments.of(
                        "balance: {policy: source, balance_factor: 65536}",
                        "balance.balance_factor: 65536 (expected: 0 or 100..65535)",
                        50),
                Arguments.of(
                        "balance: {policy: source, balance_factor: 1.5}",
                        "balance.balance_factor: 1.5 (expected: 0 or 100..65535)",
                        50),
                Arguments.of(
                        "balance: {policy: source, ballance_factor: 150}",
                        "balance.ballance_factor: unknown key, did you mean balance_factor?",
                        34),
                Arguments.of("slow_strat: 30s", "slow_strat: unknown key, did you mean slow_start?", 8),
                Arguments.of(
                        "slow_start: 30",
                        "slow_start: 30 has no unit (expected: a number with a unit, such as 250ms, 2s or 1m)",
                        20),
                Arguments.of(
                        "slow_start: {aggression: 2}", "slow_start: has no window (expected: a time such as 30s)", 20),
                Arguments.of(
                        "slow_start: {window: 1s, agression: 2}",
                        "slow_start.agression: unknown key, did you mean aggression?",
                        33),
                Arguments.of(
                        "slow_start: {window: 1s, aggression: 0.9}",
                        "slow_start.aggression: 0.9 (expected: 1..100, such as 1 or 1.5)",
                        45),
                Arguments.of(
                        "slow_start: {window: 1s, aggression: NaN}",
                        "slow_start.aggression: NaN (expected: 1..100, such as 1 or 1.5)",
                        45),
                Arguments.of("panic_treshold: 50", "panic_treshold: unknown key, did you mean panic_threshold?", 8),
                Arguments.of("panic_threshold: 101", "panic_threshold: 101 (expected: 0..100)", 25),
                Arguments.of("panic_threshold: 50%", "panic_threshold: 50% (expected: 0..100)", 25),
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
                Arguments.of(
                        "backend_port_override: 0x1",
                        "backend_port_override: 0x1 (expected: 1..65535, or +N or -N to count from the registered port)",
                        31),
                Arguments.of(
                        "default_servers: []",
                        "servers: is another name of default_servers (expected: one of them)",
                        -1),
                Arguments.of(
                        "access: [{}]",
                        "access[0]: does not say one of the two (expected: accept or reject with any, an"
                                + " address, a range, or a list of them)",
                        17),
                Arguments.of(
                        "access: [{accept: 10.0.0.0/40}]",
                        "access[0].accept: 10.0.0.0/40 (expected: any, an address"
                                + " such as 10.0.0.1, or a range such as 10.0.0.0/8)",
                        26),
                Arguments.of("send_proxy: v3", "send_proxy: v3 (expected: v1, v2 or off)", 20),
                Arguments.of("tcp_keep_alive: 7", "tcp_keep_alive: 7 (expected: true, false, clients or members)", 24),
                Arguments.of(
                        "source_address: localhost",
                        "source_address: localhost (expected: an IP address of this host,"
                                + " or one with a port, such as 10.0.0.1:4000)",
                        24),
                Arguments.of("socket: {mode: '888'}", "socket.mode: 888 (expected: an octal number, such as 660)", 23),
                Arguments.of("sticky: a b", "sticky: a b (expected: the name of a cookie, or a map)", 16),
                Arguments.of("sticky: {mode: insert}", "sticky: has no cookie (expected: the name of a cookie)", 16),
                Arguments.of(
                        "sticky: {cookie: a, mode: on}",
                        "sticky.mode: on (expected: insert, prefix, rewrite or passive)",
                        34),
                Arguments.of("sticky: {cookie: a, value: x}", "sticky.value: x (expected: name or hash)", 35),
                Arguments.of(
                        "sticky: {cookie: a, mode: rewrite, indirect: true}",
                        "sticky.indirect: is set beside mode: rewrite (expected: indirect: false)",
                        53),
                Arguments.of(
                        "sticky: {cookie: a, mode: prefix, preserve: true}",
                        "sticky.preserve: is set beside mode: prefix (expected: mode: insert)",
                        52),
                Arguments.of(
                        "sticky: {cookie: a, max_idle: 5ms}",
                        "sticky.max_idle: is not a number of seconds (expected: a time such as 30m)",
                        38),
                Arguments.of(
                        "sticky: {cookie: a, domains: 'b;c'}",
                        "sticky.domains: b;c (expected: a text without semicolons and control characters)",
                        37),
                Arguments.of(
                        "limits: {body: much}",
                        "limits.body: much (expected: a number of bytes such as 8192, 8KiB or 1MiB)",
                        23),
                Arguments.of("retries: {buffer: 17MiB}", "retries.buffer: 17MiB (expected: 0..16MiB)", 26),
                Arguments.of(
                        "retries: {on: [503, 200]}",
                        "retries.on[1]: 200 (expected: a status 400..599, or one of connect_failed, connect_timeout,"
                                + " malformed_response, response_timeout, upstream_closed)",
                        28),
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

    @Test
    void whatSynapseIgnoresInItsServicesIsAWarning() {
        String ending = ": not interpreted: neither Synapse nor Myelin has such a key";

        List<String> problems = files.problems("""
                services:
                  web:
                    slave_port: 7
                    owner: {team: search}
                    discovery: {method: zookeeper, hosts: ["zk:1"], path: /p, comment: x, hots: y}
                    default_servers: [{name: a, host: h, port: 1, rack: 4}]
                    haproxy: {port: 8080, server_backup_port: 9}
                """);

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "0.yaml:3:5: warning: services.web.slave_port" + ending,
                        "0.yaml:4:5: warning: services.web.owner: not interpreted: a section for another program than"
                                + " Myelin",
                        "0.yaml:5:63: warning: services.web.discovery.comment" + ending,
                        "0.yaml:5:75: services.web.discovery.hots: unknown key, did you mean hosts?",
                        "0.yaml:6:51: warning: services.web.default_servers[0].rack" + ending,
                        "0.yaml:7:27: warning: services.web.haproxy.server_backup_port" + ending);
    }

    /** Haproxy sections that can be used, and what has no effect. */
    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of(
                        "port: 1, bind_options: accept-proxy v4v6 mode 660",
                        "bind_options: `accept-proxy v4v6 mode 660`: the options `v4v6` are not interpreted: they have no effect"),
                Arguments.of(
                        "port: 1, frontend: [tcp-request connection track-sc0 src]",
                        "frontend[0]: `tcp-request connection track-sc0 src`: `track-sc0` is not interpreted (expected: accept or reject): the rule is left out"),
                Arguments.of(
                        "port: 1, frontend: ['tcp-request content reject if { req.len gt 0 }']",
                        "frontend[0]: `tcp-request content reject if { req.len gt 0 }`: the criterion req.len is not interpreted: what it would refuse is let through"),
                Arguments.of(
                        "port: 1, frontend: [tcp-request connection accept if WAIT_END]",
                        "frontend[0]: `tcp-request connection accept if WAIT_END`: WAIT_END is of tcp-request content only: the rule is left out"),
                Arguments.of(
                        "port: 1, listen: ['tcp-request content reject unless { src 10.0.0.300 }']",
                        "listen[0]: `tcp-request content reject unless { src 10.0.0.300 }`: `10.0.0.300` is not an address or range: what it would refuse is let through"),
                Arguments.of(
                        "port: 1, frontend: [tcp-request content reject if nowhere]",
                        "frontend[0]: `tcp-request content reject if nowhere`: the acl nowhere is not there: what it would refuse is let through"),
                Arguments.of(
                        "port: 1, backend: [source 10.0.0.1 usesrc clientip]",
                        "backend[0]: `source 10.0.0.1 usesrc clientip`: usesrc clientip is not interpreted: connections come from the address before it"),
                Arguments.of(
                        "port: 1, listen: [balance rdp-cookie]",
                        "listen[0]: `balance rdp-cookie`: rdp-cookie is not interpreted: roundrobin is used"),
                Arguments.of(
                        "port: 1, listen: [balance first now]",
                        "listen[0]: `balance first now`: now is not interpreted: it has no effect"),
                Arguments.of(
                        "port: 1, listen: [mode http, balance uri len 5 whole depth 2]",
                        "listen[1]: `balance uri len 5 whole depth 2`: len 5 depth 2 is not interpreted: the key is never cut short"),
                Arguments.of(
                        "port: 1, listen: [mode http, balance url_param a check_post]",
                        "listen[1]: `balance url_param a check_post`: check_post is not interpreted: the key is looked for in the query alone"),
                Arguments.of(
                        "port: 1, listen: [balance hdr(Host) use_domain_only, mode http]",
                        "listen[0]: `balance hdr(Host) use_domain_only`: use_domain_only is not interpreted: the whole value is the key"),
                Arguments.of(
                        "port: 1, listen: [hash-type consistent sdbm avalanche]",
                        "listen[0]: `hash-type consistent sdbm avalanche`: sdbm avalanche is not interpreted: keys may belong to other members than in HAProxy"),
                Arguments.of(
                        "port: 1, listen: [cookie SRV insert]",
                        "listen[0]: `cookie SRV insert`: has no effect: it goes by requests, and the service speaks TCP"),
                Arguments.of(
                        "port: 1, listen: [option logasap]",
                        "listen[0]: `option logasap`: not interpreted: lines are written when a request or tunnel is over"),
                Arguments.of(
                        "port: 1, listen: [something else]",
                        "listen[0]: `something else`: not interpreted: it has no effect"),
                Arguments.of(
                        "port: 1, listen: [mode http, cookie SRV insert dynamic]",
                        "listen[1]: `cookie SRV insert dynamic`: dynamic has no effect: every member has a value of its own"),
                Arguments.of(
                        "port: 1, listen: [mode http, default-server cookie x]",
                        "listen[1]: `default-server cookie x`: cookie has no effect: every server has a value of its own"),
                Arguments.of(
                        "port: 1, listen: [mode http, force-persist if TRUE]",
                        "listen[1]: `force-persist if TRUE`: not interpreted: the cookie of a member that is down is heeded with option persist only"),
                Arguments.of(
                        "port: 1, backend_order: random",
                        "backend_order: random is none of asc, desc and no_shuffle: members are shuffled"),
                Arguments.of(
                        "port: 1, listen: [\"use_backend web if { path / }\"]",
                        "listen[0]: `use_backend web if { path / }`: has no effect: it tells requests apart, and the service speaks TCP"),
                Arguments.of(
                        "port: 1, frontend: [\"bind :80 crt x\"]",
                        "frontend[0]: `bind :80 crt x`: crt x has no effect without ssl: the listener speaks plain text"),
                Arguments.of(
                        "port: 1, frontend: [\"bind :80 tfo interface eth0\"]",
                        "frontend[0]: `bind :80 tfo interface eth0`: the options `tfo interface eth0` are not interpreted: they have no effect"),
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

    /** Lines of a TCP service, what is wrong with them, and what is expected. */
    static Stream<Arguments> balanceLines() {
        return Stream.of(
                Arguments.of(
                        "balance",
                        "no policy",
                        "roundrobin, static-rr, leastconn, random, first, source, uri, url_param NAME or hdr(NAME)"),
                Arguments.of("balance random(101)", "`101` is out of range", "1..100"),
                Arguments.of("balance url_param", "a name is missing", "url_param NAME"),
                Arguments.of("balance hdr", "a name is missing", "hdr(NAME)"),
                Arguments.of("balance hdr()", "a name is missing", "hdr(NAME)"),
                Arguments.of("cookie", "no name", "cookie NAME"),
                Arguments.of("cookie S=x", "`S=x` is not the name of a cookie", "cookie NAME"),
                Arguments.of(
                        "cookie S insert foo",
                        "`foo` is not an option of cookie",
                        "insert, prefix, rewrite, indirect, nocache, postonly, preserve, httponly, secure, domain D, maxidle T, maxlife T, attr A or dynamic"),
                Arguments.of("cookie S insert prefix", "more than one mode", "one of insert, prefix and rewrite"),
                Arguments.of("cookie S rewrite indirect", "rewrite and indirect exclude each other", "one of them"),
                Arguments.of("cookie S rewrite preserve", "preserve without insert or indirect", "one of them"),
                Arguments.of("cookie S insert maxidle", "maxidle without a time", "such as 1800, 30m or 8h"),
                Arguments.of("cookie S insert maxidle soon", "`soon` is not a time", "such as 500, 250ms or 2s"),
                Arguments.of(
                        "cookie S insert domain",
                        "domain without a value",
                        "a text without semicolons and control characters"),
                Arguments.of(
                        "cookie S insert attr a;b",
                        "attr `a;b` cannot be part of it",
                        "a text without semicolons and control characters"),
                Arguments.of("hash-type", "no method", "map-based or consistent"),
                Arguments.of("hash-type maglev", "`maglev` is not a method", "map-based or consistent"),
                Arguments.of("hash-balance-factor", "a number is missing", "0 or 100..65535"),
                Arguments.of("hash-balance-factor 99", "`99` is out of range", "0 or 100..65535"),
                Arguments.of("hash-balance-factor 65536", "`65536` is out of range", "0 or 100..65535"),
                Arguments.of("hash-balance-factor 1.5", "`1.5` is not a factor", "0 or 100..65535"),
                Arguments.of(
                        "default-server slowstart soon", "slowstart: `soon` is not a time", "such as 500, 250ms or 2s"),
                Arguments.of("default-server slowstart", "slowstart: a time is missing", "such as 500, 250ms or 2s"),
                Arguments.of("balance uri", "goes by requests, and the service speaks TCP", "source"),
                Arguments.of("balance url_param user", "goes by requests, and the service speaks TCP", "source"),
                Arguments.of("balance hdr(A)", "goes by requests, and the service speaks TCP", "source"));
    }

    @ParameterizedTest
    @MethodSource("balanceLines")
    void aBadLineIsAnErrorWithWhatIsExpected(String line, String message, String expected) {
        assertThat(files.problems(
                        "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, listen: ['" + line + "']}}}"))
                .containsExactly("0.yaml:1:72: services.web.haproxy.listen[0]: `" + line + "`: " + message
                        + " (expected: " + expected + ")");
    }

    @Test
    void aKeyOfRequestsDoesNotFitTcpWhicheverSideSaysSo() {
        assertThat(
                        files.problems(
                                "services: {web: {port: 1, protocol: tcp, servers: ['h:1'], balance: {policy: hash, key: path}}}"))
                .containsExactly("0.yaml:1:69: services.web.balance: goes by requests, and the service speaks TCP"
                        + " (expected: key: source)");
        assertThat(files.problems(
                        "services: {web: {servers: ['h:1'], haproxy: {port: 1}, balance: {policy: hash, key: path}}}"))
                .contains("0.yaml:1:65: services.web.balance: goes by requests, and the service speaks TCP"
                        + " (expected: key: source)");
    }

    @Test
    void aSocketThatIsNeitherOfIpNorAPathListensNowhere() {
        assertThat(files.problems(
                        "services: {web: {default_servers: ['h:1'], haproxy: {port: null, bind_address: 'abns@x'}}}"))
                .containsExactly(
                        "0.yaml:1:12: warning: services.web: takes no traffic: it has no port, and no route leads to it",
                        "0.yaml:1:80: warning: services.web.haproxy.bind_address: abns@x is neither an IP address nor a"
                                + " path: nothing listens there");
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
                        "3.yaml:8:1: bogus: unknown key (expected: one of services, frontends, admin, limits,"
                                + " access_log, reload, strict, state_file, replicas, file_output, statsd, announce, synse, haproxy,"
                                + " service_conf_dir,"
                                + " nginx)");
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
