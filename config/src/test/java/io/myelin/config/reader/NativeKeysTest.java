package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessRule;
import io.myelin.access.AccessRules;
import io.myelin.access.AddressRange;
import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.HashConfig;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.balance.Slots;
import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.failure.Failure;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.http.HeaderEdit;
import io.myelin.http.HttpAction;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.http.Redirection;
import io.myelin.http.Redirection.Kind;
import io.myelin.http.Refusal;
import io.myelin.http.TargetEdit;
import io.myelin.http.Template;
import io.myelin.http.Variable;
import io.myelin.model.Endpoint;
import io.myelin.model.Protocol;
import io.myelin.model.ProxyVersion;
import io.myelin.net.EntranceConfig;
import io.myelin.pool.Admission;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.RetryRules;
import io.myelin.pool.UpstreamConfig;
import io.myelin.route.Condition;
import io.myelin.route.Condition.All;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.ConnectionCondition;
import io.myelin.route.ConnectionCondition.End;
import io.myelin.route.Match;
import io.myelin.route.RequestView;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import io.myelin.server.ListenerConfig;
import io.myelin.unix.SocketFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class NativeKeysTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void routesMayChangeTheRequestsThatTheyTake() {
        LoadedConfig loaded = files.load("""
                services:
                  api:
                    servers: ["h:1"]
                    routes: [{path_prefix: /api/, strip_prefix: true, host_header: "localhost:5070"}]
                  other: {servers: ["h:1"], routes: [{host: other}]}
                frontends:
                  edge:
                    bind: "127.0.0.1:80"
                    failure_status: {no_route: 404, no_member: 502}
                """);

        assertThat(loaded.problems()).isEmpty();
        ListenerConfig edge = loaded.config().frontends().get(0);
        assertThat(edge.routes().routes()).extracting(route -> route.pool()).containsExactly("other", "api");
        assertThat(edge.routeRules())
                .containsExactly(
                        HttpRules.NONE,
                        new HttpRules(
                                List.of(List.of(
                                        new HttpRule(Condition.ALWAYS, new TargetEdit.Strip(4)),
                                        new HttpRule(
                                                Condition.ALWAYS,
                                                new HeaderEdit.Set("Host", Template.of("localhost:5070"))))),
                                List.of()));
        assertThat(edge.client().statuses()).isEqualTo(Map.of(Failure.NO_ROUTE, 404, Failure.NO_MEMBER, 502));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            routes: [{host: a, strip_prefix: true}]  | there is no path_prefix to take off
            routes: [{host: a, host_header: "a b"}]  | a b (expected: a host with an optional port)
            failure_status: {no_rute: 404}           | unknown key, did you mean no_route?
            failure_status: {no_route: 200}          | 200 (expected: 400..599)
            """)
    void badChangesAreNamed(String keys, String message) {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    port: 8080
                    servers: ["h:1"]
                    %s
                frontends: {edge: {bind: "127.0.0.1:80"}}
                """.formatted(keys));

        assertThat(loaded.problems()).anyMatch(problem -> problem.toString().contains(message));
    }

    @Test
    void aServiceNeedsNoMoreThanAPortAndServers() {
        ServiceConfig service = service("port: 8080");

        ListenerConfig listener = listener(service);
        assertThat(listener.name()).isEqualTo("web");
        assertThat(listener.addresses()).containsExactly(new BindAddress("localhost", 8080));
        assertThat(listener.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(listener.clientTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(listener.client()).isEqualTo(ClientConfig.DEFAULT);
        assertThat(service.pool().upstream()).isEqualTo(UpstreamConfig.DEFAULT);
        assertThat(service.pool().membership().useRegistryWeights()).isTrue();
        assertThat(service.pool().membership().defaults()).containsExactly(Endpoint.of("", "h", 1));
        assertThat(service.discovery()).isEqualTo(new DiscoveryConfig.Fixed());
        assertThat(service.check()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080           | localhost:8080",
                "'\"8080\"'     | localhost:8080",
                "127.0.0.1:8080 | 127.0.0.1:8080",
                "'\"*:8080\"'   | *:8080",
                "'\"[::1]:80\"' | [::1]:80",
                "0              | localhost:0"
            })
    void aPortMayHaveAnAddress(String port, String address) {
        assertThat(listener(service("port: " + port)).addresses())
                .extracting(BindAddress::toString)
                .containsExactly(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roundrobin                  | ROUND_ROBIN   | 2",
                "leastconn                   | LEAST_REQUEST | 2",
                "random                      | RANDOM        | 2",
                "{policy: random, draws: 3}  | RANDOM        | 3",
                "{policy: leastconn}         | LEAST_REQUEST | 2",
                "static_rr                   | STATIC_ROUND_ROBIN | 2",
                "first                       | FIRST         | 2",
                "peak_ewma                   | PEAK_EWMA     | 2",
                "source                      | HASH          | 2"
            })
    void theBalancePolicyIsRead(String balance, Policy policy, int draws) {
        assertThat(service("balance: " + balance).pool().balance()).isEqualTo(new BalanceConfig(policy, draws));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{policy: source}                              | SOURCE          | ''     | MAP_BASED  | 0",
                "{policy: source, layout: consistent}          | SOURCE          | ''     | CONSISTENT | 0",
                "{policy: hash, key: source, layout: map}      | SOURCE          | ''     | MAP_BASED  | 0",
                "{policy: hash, key: path}                     | PATH            | ''     | MAP_BASED  | 0",
                "{policy: hash, key: uri, layout: maglev}      | PATH_AND_QUERY  | ''     | MAGLEV     | 0",
                "{policy: hash, key: header, name: X-User}     | HEADER          | X-User | MAP_BASED  | 0",
                "{policy: hash, key: query, name: user}        | QUERY_PARAMETER | user   | MAP_BASED  | 0",
                "{balance_factor: 150, key: path, policy: hash} | PATH           | ''     | MAP_BASED  | 150",
                "{policy: hash, key: path, balance_factor: 0}   | PATH           | ''     | MAP_BASED  | 0",
                "{policy: hash, key: path, balance_factor: 100} | PATH           | ''     | MAP_BASED  | 100",
                "{policy: source, balance_factor: 65535}        | SOURCE         | ''     | MAP_BASED  | 65535"
            })
    void whatAHashGoesByIsRead(String balance, KeySource key, String name, Layout layout, int balanceFactor) {
        assertThat(service("balance: " + balance).pool().balance())
                .isEqualTo(BalanceConfig.byHash(new HashConfig(key, name, layout, balanceFactor)));
    }

    @Test
    void aTcpServiceMayGoByTheClientsAddress() {
        assertThat(service("protocol: tcp, balance: source").pool().balance())
                .isEqualTo(BalanceConfig.byHash(HashConfig.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weights: registry                                  | 0     | 1   | 0",
                "slow_start: 30s                                    | 30000 | 1   | 0",
                "slow_start: 0s                                     | 0     | 1   | 0",
                "slow_start: {window: 500ms}                        | 500   | 1   | 0",
                "slow_start: {window: 1m, aggression: 1.5}          | 60000 | 1.5 | 0",
                "slow_start: {window: 1m, aggression: 100}          | 60000 | 100 | 0",
                "panic_threshold: 50                                | 0     | 1   | 50",
                "panic_threshold: 0                                 | 0     | 1   | 0",
                "panic_threshold: 100, slow_start: 2s               | 2000  | 1   | 100"
            })
    void whenMembersTakeWorkIsRead(String keys, long millis, double aggression, int panicPercent) {
        assertThat(service(keys).pool().admission())
                .isEqualTo(new Admission(Duration.ofMillis(millis), aggression, panicPercent));
    }

    @Test
    void aPanicThresholdKeepsTheSlowStartOfTheHaproxySection() {
        ServiceConfig service = service("panic_threshold: 40, haproxy: {server_options: slowstart 9s}");

        assertThat(service.pool().admission()).isEqualTo(new Admission(Duration.ofSeconds(9), 1, 40));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"tcp | ''", "{tcp: true} | ''", "/ping | /ping", "{http: /ping} | /ping"})
    void aCheckHasShortForms(String check, String path) {
        HttpCheck http = path.isEmpty() ? null : new HttpCheck("GET", path, "HTTP/1.0", List.of(), Expectation.SUCCESS);

        assertThat(service("check: " + check).check())
                .isEqualTo(CheckConfig.every(TWO_SECONDS).with().http(http).build());
    }

    @Test
    void aCheckIsReadInFull() {
        ServiceConfig service = service(
                "check: {http: {method: HEAD, path: /x, version: HTTP/1.1, headers: {Host: w}, expect_status: 204},"
                        + " interval: 10s, fast_interval: 1s, down_interval: 20s, rise: 4, fall: 5, timeout: 500ms, port: 81}");

        assertThat(service.check())
                .isEqualTo(CheckConfig.every(Duration.ofSeconds(10))
                        .with()
                        .fastInterval(Duration.ofSeconds(1))
                        .downInterval(Duration.ofSeconds(20))
                        .rise(4)
                        .fall(5)
                        .connectTimeout(Duration.ofMillis(500))
                        .readTimeout(Duration.ofMillis(500))
                        .port(81)
                        .http(new HttpCheck(
                                "HEAD",
                                "/x",
                                "HTTP/1.1",
                                List.of("Host: w"),
                                new Expectation(Expectation.Kind.STATUS, false, "204")))
                        .build());
    }

    @Test
    void timeoutsRetriesAndLimitsAreRead() {
        ServiceConfig service = service(
                "port: 1, timeouts: {connect: 1s, client: 2s, server: 3s, request: 4s, keep_alive: 5s, member_keep_alive: 0s},"
                        + " retries: {attempts: 1, redispatch: false}, forwarded_for: replace,"
                        + " limits: {request_line: 1KiB, head: 2 KiB, headers: 7}");

        assertThat(service.pool().upstream())
                .isEqualTo(UpstreamConfig.DEFAULT
                        .with()
                        .connectTimeout(Duration.ofSeconds(1))
                        .serverTimeout(Duration.ofSeconds(3))
                        .keepAliveTimeout(Duration.ZERO)
                        .retries(1)
                        .redispatch(false)
                        .build());
        assertThat(listener(service).clientTimeout()).isEqualTo(TWO_SECONDS);
        assertThat(listener(service).client())
                .isEqualTo(ClientConfig.DEFAULT
                        .with()
                        .requestTimeout(Duration.ofSeconds(4))
                        .keepAliveTimeout(Duration.ofSeconds(5))
                        .maxRequestLineBytes(1024)
                        .maxHeadBytes(2048)
                        .maxHeaderFields(7)
                        .forwardedFor(ForwardedFor.REPLACE)
                        .build());
    }

    @Test
    void aQueueIsRead() {
        assertThat(service("port: 1").pool().queue()).isEqualTo(QueueConfig.UNLIMITED);
        assertThat(service("queue: {max_connections: 50, max_waiting: 10, max_pending: 0, timeout: 1s}")
                        .pool()
                        .queue())
                .isEqualTo(new QueueConfig(50, 10, 0, Duration.ofSeconds(1)));
        assertThat(service("queue: {max_connections: 1}").pool().queue())
                .isEqualTo(new QueueConfig(1, Slots.UNLIMITED, Slots.UNLIMITED, null));
        assertThat(service("queue: {max_connections: 9, timeout: 0s}").pool().queue())
                .isEqualTo(new QueueConfig(9, Slots.UNLIMITED, Slots.UNLIMITED, Duration.ZERO));
    }

    @Test
    void aQueueIsLaidOverWhatTheHaproxySectionSays() {
        ServiceConfig service = service(
                "queue: {max_waiting: 7}, haproxy: {server_options: maxconn 5 maxqueue 6, backend: [timeout queue 3s]}");

        assertThat(service.pool().queue()).isEqualTo(new QueueConfig(5, 7, Slots.UNLIMITED, Duration.ofSeconds(3)));
    }

    @Test
    void limitsOfConnectionsAreRead() {
        LoadedConfig loaded = files.load("""
                limits: {connections: 9000}
                services:
                  web: {servers: ["h:1"], port: 1, limits: {connections: 100, headers: 5}}
                  relay: {servers: ["h:1"], port: 2, protocol: tcp, limits: {connections: 200}}
                  free: {servers: ["h:1"], port: 3}
                frontends:
                  edge: {bind: "127.0.0.1:80", default: web, limits: {connections: 300}}
                haproxy: {global: [maxconn 1]}
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().maxConnections()).isEqualTo(9_000);
        assertThat(loaded.config().services())
                .extracting(service -> listener(service).maxConnections())
                .containsExactly(100, 200, 0);
        assertThat(loaded.config().frontends().get(0).maxConnections()).isEqualTo(300);
        assertThat(files.load("services: {}").config().maxConnections()).isZero();
    }

    @Test
    void whatIsTriedAgainIsRead() {
        assertThat(rules("{on: [upstream_closed, response_timeout, 503, 429], buffer: 64KiB}"))
                .isEqualTo(new RetryRules(
                        Set.of(Failure.UPSTREAM_CLOSED, Failure.RESPONSE_TIMEOUT), Set.of(503, 429), 65_536));
        assertThat(rules("{on: connect_failed}"))
                .isEqualTo(new RetryRules(Set.of(Failure.CONNECT_FAILED), Set.of(), RetryRules.DEFAULT.bodyBytes()));
        assertThat(rules("{on: []}").failures()).isEmpty();
        assertThat(rules("{buffer: 0}")).isEqualTo(RetryRules.DEFAULT.withBodyBytes(0));
        assertThat(rules("{attempts: 1}")).isEqualTo(RetryRules.DEFAULT);
    }

    private RetryRules rules(String retries) {
        return service("retries: " + retries).pool().upstream().retryRules();
    }

    @Test
    void limitsOfBodiesConnectionsAndAnswersAreRead() {
        ServiceConfig service = service(
                "port: 1, connect: true, limits: {body: 2GiB, requests_per_connection: 100, response_head: 8KiB}");

        assertThat(listener(service).client())
                .isEqualTo(ClientConfig.DEFAULT
                        .with()
                        .maxBodyBytes(2L << 30)
                        .maxRequests(100)
                        .connect(true)
                        .build());
        assertThat(service.pool().upstream())
                .isEqualTo(UpstreamConfig.DEFAULT
                        .with()
                        .maxResponseHeadBytes(8_192)
                        .connect(true)
                        .build());
    }

    @Test
    void aPlainNumberOfRetriesKeepsTheRest() {
        UpstreamConfig upstream = service("retries: 0").pool().upstream();

        assertThat(upstream.retries()).isZero();
        assertThat(upstream.redispatch()).isTrue();
    }

    @Test
    void weightsAndBackupAreRead() {
        ServiceConfig service = service("weights: equal, backup: true, protocol: tcp, port: 1");

        assertThat(service.pool().membership().useRegistryWeights()).isFalse();
        assertThat(service.pool().membership().backup()).isTrue();
        assertThat(listener(service).protocol()).isEqualTo(Protocol.TCP);
    }

    @Test
    void zooKeeperHostsMayBeOneText() {
        ServiceConfig service =
                files.service("services: {web: {discovery: {method: ZooKeeper, hosts: 'a:1, b:2', path: /x}}}");

        assertThat(service.discovery()).isEqualTo(ZooKeeperConfig.of(List.of("a:1", "b:2"), "/x"));
    }

    @Test
    void nativeKeysAreUsedInsteadOfTheHaproxySection() {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    port: 81
                    retries: 1
                    servers: ["h:1"]
                    haproxy: {port: 80, listen: [mode http, retries 9, timeout server 4s]}
                """);

        ServiceConfig service = loaded.config().services().get(0);
        assertThat(listener(service).addresses()).containsExactly(new BindAddress("localhost", 81));
        assertThat(service.pool().upstream().retries()).isEqualTo(1);
        assertThat(service.pool().upstream().serverTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly(
                        "0.yaml:3:5: warning: services.web.port: is used instead of what haproxy says at 0.yaml:6",
                        "0.yaml:4:5: warning: services.web.retries: is used instead of what haproxy says at 0.yaml:6");
    }

    @Test
    void theAdminAddressHasADefault() {
        assertThat(files.load("services: {}").config().admin()).isEqualTo(MyelinConfig.DEFAULT_ADMIN);
        assertThat(files.load("admin: {address: '*:99'}").config().admin()).isEqualTo(new BindAddress("*", 99));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,www.example.com,/,exact",
        "GET,WWW.EXAMPLE.COM:8443,/,exact",
        "GET,a.example.com,/,wild",
        "GET,a.b.example.com:1,/,deep",
        "GET,example.com,/,fallback",
        "GET,other,/app,app",
        "GET,other,/app/x,app",
        "GET,other,/apple,fallback",
        "GET,other,/app/deep/x,deep_app",
        "GET,other,/app/deep,status",
        "POST,other,/app/deep,deep_app",
        "GET,other:81,/,port",
        "GET,other:82,/,fallback"
    })
    void theRouteThatSaysMoreWins(String method, String host, String path, String service) {
        LoadedConfig loaded = files.load("""
                services:
                  wild: {servers: ["h:1"], routes: [{host: "*.example.com"}]}
                  deep: {servers: ["h:1"], routes: {host: "*.b.example.com"}}
                  exact: {servers: ["h:1"], routes: [{host: www.example.com}]}
                  app: {servers: ["h:1"], routes: [{path_prefix: /app, frontend: edge}]}
                  deep_app: {servers: ["h:1"], routes: [{path_prefix: /app/deep}]}
                  status: {servers: ["h:1"], routes: [{path: /app/deep, method: GET}]}
                  port: {servers: ["h:1"], routes: [{host: "other:81"}]}
                  fallback: {servers: ["h:1"]}
                frontends:
                  edge: {bind: "127.0.0.1:80", default: fallback}
                """);

        assertThat(loaded.problems()).isEmpty();
        ListenerConfig edge = loaded.config().frontends().get(0);
        assertThat(target(edge, new Request(method, host, path))).isEqualTo(service);
    }

    @Test
    void rulesForMessagesAreReadInTheOrderInWhichTheyAreRun() {
        ServiceConfig service = files.service("""
                services:
                  web:
                    servers: ["h:1"]
                    request_headers: {set: {X-A: "%[src]"}, add: {X-B: b}, remove: X-C}
                    response_headers: {remove: [Server]}
                    redirects: [{when: {host: old, path_prefix: /p}, scheme: https, status: 301, drop_query: true}]
                    deny:
                      - {when: {source: [10.0.0.0/8, "::1"], method: TRACE}, status: 405}
                      - {after: 2s}
                """);

        Condition neighbour = new ConnectionCondition(End.SOURCE, List.of(range("10.0.0.0/8"), range("::1")));
        Condition trace = new Text(Part.METHOD, Match.EXACT, false, List.of("TRACE"));
        Condition old = new Text(Part.HOST_NAME, Match.EXACT, true, List.of("old"));
        Condition below = new Text(Part.PATH, Match.SEGMENTS, false, List.of("/p"));
        HttpAction redirect = new Redirection(Kind.SCHEME, Template.of("https"), 301, true, false, "");
        assertThat(service.rules())
                .isEqualTo(new HttpRules(
                        List.of(
                                List.of(
                                        new HttpRule(new All(List.of(trace, neighbour)), Refusal.deny(405)),
                                        always(Refusal.tarpit(500, Duration.ofSeconds(2)))),
                                List.of(new HttpRule(new All(List.of(old, below)), redirect)),
                                List.of(
                                        always(HeaderEdit.Delete.named("X-C")),
                                        always(new HeaderEdit.Set("X-A", new Template(List.of(Variable.SOURCE)))),
                                        always(new HeaderEdit.Add("X-B", Template.of("b"))))),
                        List.of(List.of(always(HeaderEdit.Delete.named("Server"))))));
    }

    private static HttpRule always(HttpAction action) {
        return new HttpRule(Condition.ALWAYS, action);
    }

    @Test
    void aFrontendHasSettingsOfItsOwn() {
        LoadedConfig loaded = files.load("""
                services: {web: {servers: ["h:1"]}}
                frontends:
                  edge:
                    bind: ["127.0.0.1:80", "*:81"]
                    default: web
                    timeouts: {client: 3s}
                    limits: {headers: 9, body: 0, requests_per_connection: 5}
                    forwarded_for: off
                    accept_proxy: true
                    delay: 10ms
                    access: [{reject: 10.0.0.1}]
                    tcp_keep_alive: true
                    connect: true
                    response_headers: {remove: Server}
                """);

        assertThat(loaded.problems()).isEmpty();
        ListenerConfig edge = loaded.config().frontends().get(0);
        assertThat(edge.addresses()).extracting(BindAddress::toString).containsExactly("127.0.0.1:80", "*:81");
        assertThat(edge.clientTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(edge.client().maxHeaderFields()).isEqualTo(9);
        assertThat(edge.client().maxRequests()).isEqualTo(5);
        assertThat(edge.client().connect()).isTrue();
        assertThat(edge.client().forwardedFor()).isEqualTo(ForwardedFor.OFF);
        assertThat(edge.rules().responses()).containsExactly(List.of(always(HeaderEdit.Delete.named("Server"))));
        assertThat(edge.routes().defaultPool()).isEqualTo("web");
        assertThat(edge.addresses()).allMatch(address -> address.options().acceptProxy());
        assertThat(edge.access()).isNotNull();
        assertThat(edge.entrance().onSession()).isNotNull();
        assertThat(edge.tcpKeepAlive()).isTrue();
    }

    @Test
    void clientsAreTakenUpAsTheKeysSay() {
        ServiceConfig service =
                service("port: /run/web.sock, accept_proxy: true, delay: 250ms, tcp_keep_alive: clients,"
                        + " socket: {mode: 660, user: web, group: '7'}, timeouts: {request: 3s},"
                        + " access: [{accept: [10.0.0.0/8, 127.0.0.1]}, {reject: any}]");

        ListenerConfig listener = listener(service);
        assertThat(listener.addresses())
                .containsExactly(BindAddress.ofUnix("/run/web.sock")
                        .with(new BindOptions(true, new SocketFile.Access(0660, "web", "7"), null)));
        assertThat(listener.entrance())
                .isEqualTo(new EntranceConfig(
                        null,
                        AccessRules.of(List.of(
                                new AccessRule(
                                        true, AccessCondition.from(List.of(range("10.0.0.0/8"), range("127.0.0.1")))),
                                new AccessRule(false, AccessCondition.ALWAYS))),
                        Duration.ofSeconds(3)));
        assertThat(listener.access())
                .isEqualTo(AccessRules.of(
                        List.of(new AccessRule(true, AccessCondition.afterDelay())), Duration.ofMillis(250)));
        assertThat(listener.tcpKeepAlive()).isTrue();
        assertThat(service.pool().upstream().tcpKeepAlive()).isFalse();
        assertThat(service.pool().access()).isNull();
    }

    @Test
    void membersAreToldAndReachedAsTheKeysSay() throws UnknownHostException {
        ServiceConfig service =
                service("send_proxy: v2, source_address: '10.0.0.9:4000', tcp_keep_alive: true, check: tcp,"
                        + " port: 1, timeouts: {tunnel: 1h}");

        UpstreamConfig upstream = service.pool().upstream();
        assertThat(upstream.sendProxy()).isEqualTo(ProxyVersion.V2);
        assertThat(upstream.source()).isEqualTo(new InetSocketAddress(InetAddress.getByName("10.0.0.9"), 4000));
        assertThat(upstream.tcpKeepAlive()).isTrue();
        assertThat(upstream.tunnelTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(listener(service).tcpKeepAlive()).isTrue();
        assertThat(Objects.requireNonNull(service.check()).sendProxy()).isEqualTo(ProxyVersion.V2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "send_proxy: v1, check: {tcp: true}                              | V1",
                "send_proxy: v1, check: {tcp: true, port: 9}                     | OFF",
                "send_proxy: v1, check: {tcp: true, send_proxy: off}             | OFF",
                "check: {tcp: true, port: 9, send_proxy: v2}                     | V2"
            })
    void checksBeginAsTheTrafficDoes(String keys, ProxyVersion version) {
        assertThat(Objects.requireNonNull(service(keys).check()).sendProxy()).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/run/a.sock                                        | /run/a.sock",
                "'unix@/run/a.sock'                                 | /run/a.sock",
                "{path: /run/a.sock}                                | /run/a.sock",
                "{path: 'unix@/run/a.sock', name: a}                | a_/run/a.sock",
                "{host: /run/a.sock}                                | /run/a.sock",
                "{host: unix, port: /run/a.sock, name: a}           | a_/run/a.sock"
            })
    void aMemberMayListenOnAUnixSocket(String member, String id) {
        ServiceConfig service = files.service("services: {web: {port: 1, servers: [" + member + "]}}");

        Endpoint endpoint = service.pool().membership().defaults().get(0);
        assertThat(endpoint.id().value()).isEqualTo(id);
        assertThat(endpoint.unix()).isTrue();
        assertThat(endpoint.address()).isEqualTo("/run/a.sock");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{path: run/a.sock}                | path: run/a.sock (expected: a path that begins with /)",
                "{path: /a, port: 1}               | path: is set beside host or port (expected: one of them)",
                "{host: unix, port: 80}            | port: 80 (expected: a path that begins with /)"
            })
    void aPathThatIsNoneIsReported(String member, String message) {
        assertThat(files.problems("services: {web: {port: 1, servers: [" + member + "]}}"))
                .singleElement()
                .asString()
                .endsWith("services.web.servers[0]." + message);
    }

    @Test
    void onePathIsOneListeners() {
        assertThat(files.problems("services: {a: {port: /x, servers: ['h:1']}, b: {port: 'unix@/x', accept_proxy: true,"
                        + " servers: ['h:1']}}"))
                .singleElement()
                .asString()
                .contains("/x is taken by a");
    }

    @Test
    void operatorsAreNotReachedThroughAPath() {
        assertThat(files.problems("{services: {a: {port: 1, servers: ['h:1']}}, admin: {address: /run/admin.sock}}"))
                .singleElement()
                .asString()
                .contains("admin.address: /run/admin.sock");
    }

    @Test
    void severalFilesAddUp() {
        LoadedConfig loaded = files.load(
                "services: {a: {port: 1, servers: ['h:1']}}",
                "services: {b: {servers: ['h:1'], routes: [{host: b}]}}\nadmin: {address: 'localhost:2'}",
                "{\"services\": {\"c\": {\"servers\": [\"h:1\"]}}, \"frontends\": {\"f\": {\"bind\": \":3\", \"default\": \"c\"}}}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("a", "b", "c");
        assertThat(loaded.config().frontends()).extracting(ListenerConfig::name).containsExactly("f");
        assertThat(loaded.config().admin()).isEqualTo(new BindAddress("localhost", 2));
    }

    private record Request(String method, String host, String path) implements RequestView {}

    private static @Nullable String target(ListenerConfig listener, RequestView request) {
        return listener.routes().routes().stream()
                .filter(route -> route.when().holds(request))
                .map(Route::pool)
                .findFirst()
                .orElse(listener.routes().defaultPool());
    }

    /** Returns a service with one server and the keys {@code keys}. */
    private ServiceConfig service(String keys) {
        return files.service("services:\n  web: {servers: ['h:1'], " + keys + "}\n");
    }

    private static AddressRange range(String text) {
        return Objects.requireNonNull(AddressRange.parse(text));
    }

    private static ListenerConfig listener(ServiceConfig service) {
        return Objects.requireNonNull(service.listener());
    }
}
