package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessCondition.Kind;
import io.myelin.access.AccessCondition.Term;
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
import io.myelin.config.Problem;
import io.myelin.config.ServiceConfig;
import io.myelin.failure.Failure;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.http.ErrorPage;
import io.myelin.http.HeaderEdit;
import io.myelin.http.HttpRule;
import io.myelin.http.LineEdit;
import io.myelin.http.MonitorAnswer;
import io.myelin.http.Refusal;
import io.myelin.http.Template;
import io.myelin.model.Endpoint;
import io.myelin.model.Protocol;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.Admission;
import io.myelin.pool.Lineup;
import io.myelin.pool.Lineup.Order;
import io.myelin.pool.PortOverride;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.RetryRules;
import io.myelin.pool.UpstreamConfig;
import io.myelin.route.Condition;
import io.myelin.route.Match;
import io.myelin.route.Numbers;
import io.myelin.route.Numbers.Range;
import io.myelin.route.PoolCondition;
import io.myelin.route.PoolCondition.Measure;
import io.myelin.route.Regex;
import io.myelin.route.RequestView;
import io.myelin.route.RouteConfig.Route;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import io.myelin.server.ListenerConfig;
import io.myelin.unix.SocketFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class HaproxyDialectTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void withoutAnyLineHaproxysDefaultsHold() {
        ServiceConfig service = service("port: 80");

        ListenerConfig listener = listener(service);
        assertThat(listener.addresses()).containsExactly(new BindAddress("localhost", 80));
        assertThat(listener.protocol()).isEqualTo(Protocol.TCP);
        assertThat(listener.clientTimeout()).isZero();
        assertThat(listener.routes().defaultPool()).isEqualTo("web");
        assertThat(service.check()).isNull();
        assertThat(service.pool().balance()).isEqualTo(BalanceConfig.ROUND_ROBIN);
        assertThat(service.pool().upstream())
                .isEqualTo(UpstreamConfig.DEFAULT
                        .with()
                        .connectTimeout(Duration.ZERO)
                        .serverTimeout(Duration.ZERO)
                        .retries(3)
                        .redispatch(false)
                        .build());
        assertThat(service.pool().membership().useRegistryWeights()).isFalse();
        assertThat(service.pool().membership().usePrevious()).isTrue();
    }

    @Test
    void bindOptionsAreOfTheirOwnAddress() {
        ListenerConfig listener =
                listener(service("port: null, bind_address: /run/x.sock, bind_options: mode 660 gid 7,"
                        + " frontend: ['bind /run/x.prxy accept-proxy']"));

        assertThat(listener.addresses())
                .containsExactly(
                        BindAddress.ofUnix("/run/x.sock")
                                .with(BindOptions.DEFAULT.withFile(new SocketFile.Access(0660, null, "7"))),
                        BindAddress.ofUnix("/run/x.prxy").with(BindOptions.DEFAULT.withAcceptProxy(true)));
    }

    @Test
    void rulesAboutConnectionsAreOfTheFrontend() {
        ServiceConfig service = service("port: 80, listen: [acl inside src 10.0.0.0/8 192.168.0.0/16,"
                + " acl inside src 127.0.0.1, tcp-request connection reject if !inside],"
                + " frontend: ['tcp-request session accept if { src ::1 } or TRUE']");

        assertThat(listener(service).entrance().onConnection())
                .isEqualTo(AccessRules.of(List.of(new AccessRule(
                        false,
                        new AccessCondition(List.of(List.of(new Term(
                                Kind.SOURCE,
                                true,
                                List.of(range("10.0.0.0/8"), range("192.168.0.0/16"), range("127.0.0.1"))))))))));
        assertThat(listener(service).entrance().onSession())
                .isEqualTo(AccessRules.of(List.of(new AccessRule(
                        true,
                        new AccessCondition(List.of(
                                List.of(new Term(Kind.SOURCE, false, List.of(range("::1")))),
                                List.of(new Term(Kind.TRUE, false, List.of()))))))));
        assertThat(listener(service).access()).isNull();
        assertThat(service.pool().access()).isNull();
    }

    @Test
    void rulesAboutContentAreOfTheSideTheyAreWrittenOn() {
        AccessRules delayed =
                AccessRules.of(List.of(new AccessRule(true, AccessCondition.afterDelay())), Duration.ofMillis(500));
        String lines = "[tcp-request inspect-delay 500ms, tcp-request content accept if WAIT_END]";

        ServiceConfig frontend = service("port: 80, frontend: " + lines);
        assertThat(listener(frontend).access()).isEqualTo(delayed);
        assertThat(frontend.pool().access()).isNull();

        ServiceConfig backend = service("port: 80, backend: " + lines);
        assertThat(listener(backend).access()).isNull();
        assertThat(backend.pool().access()).isEqualTo(delayed);

        ServiceConfig both = service("port: 80, listen: " + lines);
        assertThat(listener(both).access()).isEqualTo(delayed);
        assertThat(both.pool().access()).isEqualTo(delayed);
    }

    @ParameterizedTest
    @CsvSource({
        "unless { src 10.0.0.1 } { src 10.0.0.2 }, 2",
        "unless { src 10.0.0.1 } || { src 10.0.0.2 }, 1",
        "if { src 10.0.0.1 } { src 10.0.0.2 } or ! TRUE, 2"
    })
    void conditionsOnClientsAreAlternatives(String condition, int alternatives) {
        ServiceConfig service = service("port: 80, frontend: ['tcp-request connection reject " + condition + "']");

        AccessRules rules = Objects.requireNonNull(listener(service).entrance().onConnection());
        assertThat(rules.rules().get(0).when().alternatives()).hasSize(alternatives);
    }

    @Test
    void serversAreToldAndReachedAsTheirOptionsSay() throws UnknownHostException {
        ServiceConfig service = service("port: 80, server_options: check send-proxy-v2 source 10.0.0.9,"
                + " listen: [timeout tunnel 1h, option tcpka]");

        assertThat(service.pool().upstream().sendProxy()).isEqualTo(ProxyVersion.V2);
        assertThat(service.pool().upstream().source())
                .isEqualTo(new InetSocketAddress(InetAddress.getByName("10.0.0.9"), 0));
        assertThat(service.pool().upstream().tunnelTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(service.pool().upstream().tcpKeepAlive()).isTrue();
        assertThat(listener(service).tcpKeepAlive()).isTrue();
        assertThat(check(service).sendProxy()).isEqualTo(ProxyVersion.V2);
    }

    @ParameterizedTest
    @CsvSource({
        "check, OFF",
        "check send-proxy, V1",
        "check send-proxy port 9000, OFF",
        "check send-proxy-v2 port 9000 check-send-proxy, V2",
        "check check-send-proxy, V1",
        "check send-proxy no-send-proxy, OFF"
    })
    void checksBeginAsTheTrafficDoes(String options, ProxyVersion version) {
        assertThat(check(service("server_options: " + options)).sendProxy()).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({
        "source 10.0.0.9:4000, 10.0.0.9, 4000",
        "source [::1]:4000, ::1, 4000",
        "source ::1, ::1, 0",
        "source 127.0.0.1, 127.0.0.1, 0"
    })
    void theSourceLineIsRead(String line, String host, int port) throws UnknownHostException {
        assertThat(service("backend: ['" + line + "']").pool().upstream().source())
                .isEqualTo(new InetSocketAddress(InetAddress.getByName(host), port));
    }

    @Test
    void anySourceIsNone() {
        assertThat(service("backend: [source 10.0.0.9, 'source 0.0.0.0']")
                        .pool()
                        .upstream()
                        .source())
                .isNull();
    }

    @Test
    void theHeaderTimeoutIsThatOfRequests() {
        assertThat(listener(service("port: 80")).entrance().headerTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(listener(service("port: 80, listen: [timeout http-request 2s]"))
                        .entrance()
                        .headerTimeout())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void monitorsAreAnsweredBeforeAllOtherRules() {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    default_servers: ["h:1"]
                    haproxy:
                      port: 80
                      listen: [mode http, http-request deny, "acl few nbsrv(web_az) lt 2", "acl full be_conn(web) ge 9"]
                      frontend:
                        - monitor-uri /up?now
                        - monitor fail if few || full
                        - monitor fail
                  web-az: {default_servers: ["h:1"], haproxy: {backend_name: web_az, port: 81, listen: [monitor-uri up]}}
                  idle:
                    default_servers: ["h:1"]
                    haproxy: {port: 82, listen: [mode http, "monitor fail if TRUE"]}
                """);

        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly(
                        "0.yaml:10:11: warning: services.web.haproxy.frontend[2]: `monitor fail`: a condition is missing:"
                                + " the monitor does not fail for it",
                        "0.yaml:11:89: services.web-az.haproxy.listen[0]: `monitor-uri up`: names no path (expected: a path"
                                + " that begins with /)",
                        "0.yaml:14:45: warning: services.idle.haproxy.listen[1]: `monitor fail if TRUE`: has no effect"
                                + " without monitor-uri");
        List<List<HttpRule>> rules =
                listener(loaded.config().services().get(0)).rules().requests();
        Condition asked = new Condition.Text(Condition.Part.TARGET, Match.EXACT, false, List.of("/up?now"));
        Condition few =
                new PoolCondition(Measure.MEMBERS, "web-az", new Numbers(List.of(new Range(Long.MIN_VALUE, 1))));
        Condition full = new PoolCondition(Measure.IN_PROGRESS, "web", least(9));
        assertThat(rules.get(0))
                .containsExactly(
                        new HttpRule(
                                new Condition.All(List.of(asked, new Condition.Any(List.of(few, full)))),
                                new MonitorAnswer(false)),
                        new HttpRule(asked, new MonitorAnswer(true)));
        assertThat(rules.get(1)).extracting(HttpRule::action).containsExactly(Refusal.deny(403));
    }

    @Test
    void rulesAskOtherServicesByAnyOfTheirNames() {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    default_servers: ["h:1"]
                    haproxy:
                      port: 80
                      listen: [mode http]
                      frontend:
                        - acl local nbsrv(web_az) ge 1
                        - acl room connslots(web-az) gt 0
                        - use_backend web-az if local room
                        - use_backend web if { nbsrv(nowhere) ge 1 }
                        - http-request deny if !local
                        - http-request deny if { nbsrv(nobody) lt 1 }
                  tunnel:
                    default_servers: ["h:1"]
                    haproxy: {port: 81, frontend: ["use_backend web-az if { nbsrv(web_az) ge 1 }"]}
                  web-az:
                    default_servers: ["h:1"]
                    haproxy: {backend_name: web_az}
                """);

        Condition local = new PoolCondition(Measure.MEMBERS, "web-az", least(1));
        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly(
                        "0.yaml:2:3: services.web: a rule asks for a service: there is no service nobody (expected: one"
                                + " of web, tunnel, web-az, web_az)",
                        "0.yaml:11:11: services.web.haproxy.frontend[3]: `use_backend web if { nbsrv(nowhere) ge 1 }`: there"
                                + " is no service nowhere (expected: one of web, tunnel, web-az, web_az)");
        assertThat(loaded.config().services().get(0).name()).isEqualTo("tunnel");
        assertThat(listener(loaded.config().services().get(0)).routes().routes())
                .containsExactly(new Route(local, "web-az"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', SHUFFLED",
        "backend_order: asc, ASCENDING",
        "backend_order: desc, DESCENDING",
        "backend_order: no_shuffle, AS_DELIVERED",
        "backend_order: shuffle, SHUFFLED"
    })
    void theOrderOfServersIsRead(String section, Order order) {
        LoadedConfig loaded =
                files.load("services: {web: {default_servers: ['h:1'], haproxy: {port: 1, listen: mode tcp"
                        + (section.isEmpty() ? "" : ", ") + section + "}}}\n"
                        + "haproxy: {server_order_seed: '17', max_server_id: 100}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services().get(0).pool().lineup()).isEqualTo(new Lineup(order, 17, 100));
    }

    @ParameterizedTest
    @CsvSource({
        "option http-keep-alive, 0, 64",
        "option http-server-close, 0, 0",
        "option httpclose, 1, 0",
        "option forceclose, 1, 0",
        "'option forceclose, no option forceclose', 0, 64",
        "'option httpclose, option http-keep-alive', 0, 64"
    })
    void connectionsEndAsTheirOptionsSay(String lines, int maxRequests, int maxIdle) {
        ServiceConfig service = service("port: 1, listen: [mode http, " + lines + "]");

        assertThat(listener(service).client().maxRequests()).isEqualTo(maxRequests);
        assertThat(service.pool().upstream().maxIdlePerLoop())
                .isEqualTo(maxIdle == 0 ? 0 : UpstreamConfig.DEFAULT.maxIdlePerLoop());
    }

    @Test
    void failuresHavePagesOfTheirOwn() throws IOException {
        Path page = Files.writeString(
                directory.resolve("503.http"),
                "HTTP/1.0 503 Busy\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 9\r\n\r\n<b>no</b>\n");
        ServiceConfig service = service("port: 1, listen: [mode http, errorfile 503 " + page
                + ", errorloc 502 http://other/, errorloc303 504 /late]");

        assertThat(listener(service).client().errorPages())
                .isEqualTo(Map.of(
                        503,
                        new ErrorPage("HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\n", "<b>no</b>\n"),
                        502,
                        ErrorPage.redirect(302, "http://other/"),
                        504,
                        ErrorPage.redirect(303, "/late")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "errorfile 503 /nowhere/503.http | /nowhere/503.http cannot be read",
                "errorfile 503 pom.xml           | pom.xml is not a response with status line, header fields, blank line and body",
                "errorloc 503                    | is not a URL"
            })
    void aPageThatCannotBeUsedChangesNothingElse(String line, String reason) {
        LoadedConfig loaded = files.load(
                "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, listen: [mode http, '" + line + "']}}}");

        assertThat(loaded.problems())
                .extracting(Problem::message)
                .containsExactly("`" + line + "`: " + (reason.startsWith("is") ? " " : "") + reason
                        + ": failures are answered in Myelin's own words");
        assertThat(loaded.hasErrors()).isFalse();
    }

    /** Scenario 11: one name of an acl defined twice, the other never, and no mode. */
    @Test
    void aSharedFrontendAsReadmesShowItLoadsWithWarnings() {
        LoadedConfig loaded = files.load("""
                services:
                  one:
                    default_servers: {host: h, port: "1"}
                    haproxy:
                      backend: mode http
                      shared_frontend:
                        - "acl is_service1 hdr_dom(host) -i service1.lb.example.com"
                        - "use_backend one if is_service1"
                  two:
                    default_servers: {host: h, port: "2"}
                    haproxy:
                      backend: mode http
                      shared_frontend:
                        - "acl is_service1 hdr_dom(host) -i service2.lb.example.com"
                        - "use_backend two if is_service2"
                haproxy:
                  shared_frontend: "bind 127.0.0.1:8081"
                """);

        assertThat(loaded.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "takes no traffic: it has no port, and no route leads to it",
                        "`acl is_service1 hdr_dom(host) -i service2.lb.example.com`: is_service1 is defined at "
                                + directory.resolve("0.yaml") + ":7 as well: either makes it hold",
                        "`use_backend two if is_service2`: there is no acl is_service2: the rule is left out");
        assertThat(loaded.hasErrors()).isFalse();
        ListenerConfig shared = loaded.config().frontends().get(0);
        assertThat(shared.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(shared.routes().routes()).extracting(Route::pool).containsExactly("one");
    }

    @Test
    void checksTellTheirStateIfThatIsWanted() {
        CheckConfig check =
                check(service("server_options: check, listen: [option httpchk /status, http-check send-state]"));

        assertThat(Objects.requireNonNull(check.http()).sendState()).isTrue();
    }

    @Test
    void theSeedOfAProcessStaysTheSame() {
        Lineup lineup = service("port: 1").pool().lineup();

        assertThat(lineup.maxNumber()).isEqualTo(65_535);
        assertThat(service("port: 1").pool().lineup()).isEqualTo(lineup);
    }

    private static Numbers least(long least) {
        return new Numbers(List.of(new Range(least, Long.MAX_VALUE)));
    }

    @Test
    void aServiceWithoutPortHasNoListener() {
        assertThat(service("listen: [mode http]").listener()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port: '80'                                       | localhost:80",
                "port: 80, bind_address: 10.0.0.1                 | 10.0.0.1:80",
                "port: 80, bind_address: '*'                      | *:80",
                "port: 80, bind_address: '[::1]'                  | [::1]:80",
                "port: 80, bind_address: '::1'                    | [::1]:80",
                "port: null, bind_address: '127.0.0.2:81'         | 127.0.0.2:81",
                "port: 80, frontend: ['bind :81,ipv4@1.2.3.4:82'] | localhost:80 *:81 1.2.3.4:82",
                "port: 80, listen: ['bind [::1]:81']              | localhost:80 [::1]:81",
                "port: null, bind_address: /run/x.sock            | /run/x.sock",
                "port: null, bind_address: 'unix@/run/x.sock'     | /run/x.sock",
                "port: 80, frontend: [bind /run/x.sock]           | localhost:80 /run/x.sock"
            })
    void addressesAreReadAsHaproxyReadsThem(String section, String addresses) {
        assertThat(listener(service(section)).addresses())
                .extracting(BindAddress::toString)
                .containsExactly(addresses.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "roundrobin,ROUND_ROBIN,2",
        "static-rr,STATIC_ROUND_ROBIN,2",
        "first,FIRST,2",
        "leastconn,LEAST_REQUEST,2",
        "random,RANDOM,2",
        "random(5),RANDOM,5",
        "source,HASH,2",
        "rdp-cookie,ROUND_ROBIN,2"
    })
    void theBalancePolicyIsRead(String name, Policy policy, int draws) {
        assertThat(service("backend: 'balance " + name + "'").pool().balance())
                .isEqualTo(new BalanceConfig(policy, draws));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "balance source                              | SOURCE          | ''     | MAP_BASED  | 0",
                "balance uri                                 | PATH            | ''     | MAP_BASED  | 0",
                "balance uri path-only                       | PATH            | ''     | MAP_BASED  | 0",
                "balance uri whole                           | PATH_AND_QUERY  | ''     | MAP_BASED  | 0",
                "balance url_param user                      | QUERY_PARAMETER | user   | MAP_BASED  | 0",
                "balance hdr(X-User)                         | HEADER          | X-User | MAP_BASED  | 0",
                "balance source, hash-type map-based         | SOURCE          | ''     | MAP_BASED  | 0",
                "balance source, hash-type consistent        | SOURCE          | ''     | CONSISTENT | 0",
                "hash-type consistent, balance uri           | PATH            | ''     | CONSISTENT | 0",
                "hash-balance-factor 150, balance source     | SOURCE          | ''     | MAP_BASED  | 150",
                "balance source, hash-balance-factor 0       | SOURCE          | ''     | MAP_BASED  | 0",
                "balance uri, balance source                 | SOURCE          | ''     | MAP_BASED  | 0",
                "balance hdr(A), hash-balance-factor 100, hash-type consistent | HEADER | A | CONSISTENT | 100",
                "balance hdr(A), hash-balance-factor 65535   | HEADER          | A      | MAP_BASED  | 65535"
            })
    void whatAHashGoesByIsReadInAnyOrderOfLines(
            String lines, KeySource key, String name, Layout layout, int balanceFactor) {
        assertThat(service("backend: [" + lines + ", mode http]").pool().balance())
                .isEqualTo(BalanceConfig.byHash(new HashConfig(key, name, layout, balanceFactor)));
    }

    @Test
    void theTypeOfAHashSaysNothingOfOtherPolicies() {
        assertThat(service("backend: [hash-type consistent, balance leastconn, hash-balance-factor 150]")
                        .pool()
                        .balance())
                .isEqualTo(new BalanceConfig(Policy.LEAST_REQUEST, 2));
    }

    @Test
    void aHashMayBeInheritedInParts() {
        LoadedConfig loaded = files.load("""
                services:
                  a: {default_servers: ["h:1"], haproxy: {port: 1, backend: [hash-type map-based]}}
                  b: {default_servers: ["h:1"], haproxy: {port: 2, backend: [balance source]}}
                haproxy:
                  defaults: [mode http, balance uri, hash-type consistent, hash-balance-factor 120]
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services())
                .extracting(service -> service.pool().balance().hash())
                .containsExactly(
                        new HashConfig(KeySource.PATH, "", Layout.MAP_BASED, 120),
                        new HashConfig(KeySource.SOURCE, "", Layout.CONSISTENT, 120));
    }

    @Test
    void anInheritedKeyOfRequestsDoesNotFitATcpService() {
        LoadedConfig loaded = files.load("""
                services:
                  a: {default_servers: ["h:1"], haproxy: {port: 1, listen: [mode tcp]}}
                haproxy:
                  defaults: [mode http, balance uri]
                """);

        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly("0.yaml:2:33: warning: services.a.haproxy: the default balance goes by requests, and"
                        + " the service speaks TCP: roundrobin is used");
        assertThat(loaded.config().services().get(0).pool().balance()).isEqualTo(BalanceConfig.ROUND_ROBIN);
    }

    @ParameterizedTest
    @CsvSource({
        "slowstart 30s,30000",
        "slowstart 500,500",
        "slowstart 0,0",
        "check,0",
        "slowstart 30s slowstart 5s,5000"
    })
    void slowStartIsReadAsHaproxyMeansIt(String options, long millis) {
        Admission expected = new Admission(Duration.ofMillis(millis), 1, 0);

        assertThat(service("server_options: " + options).pool().admission()).isEqualTo(expected);
        assertThat(service("backend: [default-server " + options + "]").pool().admission())
                .isEqualTo(expected);
    }

    @Test
    void timeoutsAreMillisecondsUnlessTheyHaveAUnit() {
        ServiceConfig service = service("""
                port: 80
                listen:
                  - mode http
                  - timeout connect 500
                  - timeout server 2s
                  - timeout client 1m
                  - timeout http-request 10s
                  - timeout http-keep-alive 1h
                """);

        assertThat(service.pool().upstream().connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(service.pool().upstream().serverTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(listener(service).clientTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(listener(service).client().requestTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(listener(service).client().keepAliveTimeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void theClientTimeoutStandsInForTheOthers() {
        ClientConfig client =
                listener(service("port: 80, listen: [timeout client 7s]")).client();

        assertThat(client.requestTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(client.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @CsvSource({
        "retries 7,7,false",
        "option redispatch,3,true",
        "option redispatch 1,3,true",
        "no option redispatch,3,false"
    })
    void retriesAreRead(String line, int retries, boolean redispatch) {
        UpstreamConfig upstream = service("backend: [" + line + "]").pool().upstream();

        assertThat(upstream.retries()).isEqualTo(retries);
        assertThat(upstream.redispatch()).isEqualTo(redispatch);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server_options: check maxconn 50 maxqueue 10                                    | 50 | 10 | -1",
                "'backend: [default-server maxconn 5 maxqueue 4], server_options: maxconn 6'     | 6  | 4  | -1",
                "'server_options: maxconn 5 maxqueue 0, listen: [timeout queue 250]'             | 5  | 0  | 250",
                "'server_options: maxconn 0, listen: [timeout queue 2s, timeout connect 1s]'     | 0  | 0  | 2000",
                "'listen: [timeout connect 1s]'                                                  | 0  | 0  | -1"
            })
    void theQueueIsRead(String section, int maxConnections, int maxWaiting, long timeoutMillis) {
        assertThat(service(section).pool().queue())
                .isEqualTo(new QueueConfig(
                        maxConnections == 0 ? Slots.UNLIMITED : maxConnections,
                        maxWaiting == 0 ? Slots.UNLIMITED : maxWaiting,
                        Slots.UNLIMITED,
                        timeoutMillis < 0 ? null : Duration.ofMillis(timeoutMillis)));
    }

    @Test
    void limitsOfConnectionsAreRead() {
        LoadedConfig loaded = files.load("""
                services:
                  a: {default_servers: ["h:1"], haproxy: {port: 1}}
                  b: {default_servers: ["h:1"], haproxy: {port: 2, listen: [maxconn 30]}}
                  c: {default_servers: ["h:1"], haproxy: {port: 3, frontend: [maxconn 0], shared_frontend: [maxconn 50]}}
                haproxy:
                  global: [maxconn 4000, maxconn 5000]
                  defaults: [maxconn 2000]
                  shared_frontend: ["bind 127.0.0.1:80"]
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().maxConnections()).isEqualTo(5_000);
        assertThat(loaded.config().services())
                .extracting(service -> listener(service).maxConnections())
                .containsExactly(2_000, 30, 0);
        assertThat(loaded.config().frontends().get(0).maxConnections()).isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none                                | ''                                                | ''",
                "conn-failure                        | CONNECT_FAILED CONNECT_TIMEOUT                    | ''",
                "conn-failure 0rtt-rejected          | CONNECT_FAILED CONNECT_TIMEOUT                    | ''",
                "empty-response 503 504              | UPSTREAM_CLOSED                                   | 503 504",
                "junk-response response-timeout      | MALFORMED_RESPONSE RESPONSE_TIMEOUT               | ''",
                "all-retryable-errors | CONNECT_FAILED CONNECT_TIMEOUT UPSTREAM_CLOSED MALFORMED_RESPONSE RESPONSE_TIMEOUT | 500 502 503 504"
            })
    void whatIsTriedAgainIsRead(String conditions, String failures, String statuses) {
        RetryRules rules = service("backend: [retry-on " + conditions + "]")
                .pool()
                .upstream()
                .retryRules();

        assertThat(rules.failures()).extracting(Failure::name).containsExactlyInAnyOrder(words(failures));
        assertThat(rules.statuses()).extracting(String::valueOf).containsExactlyInAnyOrder(words(statuses));
    }

    private static String[] words(String text) {
        return text.isEmpty() ? new String[0] : text.split(" ", -1);
    }

    @Test
    void theTopLevelSectionIsWhereServicesBegin() {
        String text = """
                services:
                  a: {default_servers: ["h:1"], haproxy: {port: 1}}
                  b: {default_servers: ["h:1"], haproxy: {port: 2, backend: [retries 1, no option redispatch]}}
                haproxy:
                  bind_address: 10.0.0.1
                  use_nerve_weights: true
                  defaults: [mode http, retries 5, option redispatch, timeout client 3s, default-server inter 7s fall 9]
                """;

        List<ServiceConfig> services = files.load(text).config().services();
        ServiceConfig first = services.get(0);
        ServiceConfig second = services.get(1);
        assertThat(listener(first).addresses()).containsExactly(new BindAddress("10.0.0.1", 1));
        assertThat(listener(first).protocol()).isEqualTo(Protocol.HTTP);
        assertThat(listener(first).clientTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(first.pool().membership().useRegistryWeights()).isTrue();
        assertThat(first.pool().upstream().retries()).isEqualTo(5);
        assertThat(first.pool().upstream().redispatch()).isTrue();
        assertThat(second.pool().upstream().retries()).isEqualTo(1);
        assertThat(second.pool().upstream().redispatch()).isFalse();
    }

    @Test
    void aCheckHasHaproxysDefaults() {
        Duration two = Duration.ofSeconds(2);

        assertThat(service("server_options: check").check()).isEqualTo(CheckConfig.every(two));
    }

    @Test
    void aCheckIsReadFromServerOptionsAndLines() {
        ServiceConfig service = service("""
                server_options: "check inter 2s fastinter 500 downinter 5s rise 3 fall 2 port 81"
                backend: [timeout check 250ms, timeout connect 1s, option httpchk /ping, http-check expect ! status 404]
                """);

        assertThat(service.check())
                .isEqualTo(CheckConfig.every(Duration.ofSeconds(2))
                        .with()
                        .fastInterval(Duration.ofMillis(500))
                        .downInterval(Duration.ofSeconds(5))
                        .rise(3)
                        .fall(2)
                        .connectTimeout(SECOND)
                        .readTimeout(Duration.ofMillis(250))
                        .port(81)
                        .http(new HttpCheck(
                                "OPTIONS",
                                "/ping",
                                "HTTP/1.0",
                                List.of(),
                                new Expectation(Expectation.Kind.STATUS, true, "404")))
                        .build());
    }

    @Test
    void theDefaultServerIsOverriddenByTheServersOptions() {
        CheckConfig check = Objects.requireNonNull(
                service("backend: [default-server inter 7s fall 9 rise 4], server_options: check fall 1")
                        .check());

        assertThat(check.interval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(check.rise()).isEqualTo(4);
        assertThat(check.fall()).isEqualTo(1);
    }

    @Test
    void withoutCheckTheOtherOptionsAreNoCheck() {
        assertThat(service("server_options: inter 2s rise 3, backend: [option httpchk]")
                        .check())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "option httpchk                                       | OPTIONS / HTTP/1.0",
                "option httpchk GET /ping                             | GET /ping HTTP/1.0",
                "option httpchk GET /ping HTTP/1.1\\r\\nHost:\\ w\\r\\nA:b | GET /ping HTTP/1.1 Host: w,A:b"
            })
    void theRequestOfACheckIsRead(String line, String request) {
        HttpCheck check = Objects.requireNonNull(
                Objects.requireNonNull(service("server_options: check\nbackend: ['" + line + "']")
                                .check())
                        .http());

        assertThat(check.expect()).isEqualTo(Expectation.SUCCESS);
        assertThat(check.method() + " " + check.uri() + " " + check.version()
                        + (check.headers().isEmpty() ? "" : " " + String.join(",", check.headers())))
                .isEqualTo(request);
    }

    @Test
    void anExpectedStringMayHoldSpaces() {
        CheckConfig check = Objects.requireNonNull(service("""
                        server_options: check
                        backend: ["option httpchk", 'http-check expect string all\\ good']
                        """).check());

        assertThat(Objects.requireNonNull(check.http()).expect())
                .isEqualTo(new Expectation(Expectation.Kind.BODY_CONTAINS, false, "all good"));
    }

    @ParameterizedTest
    @CsvSource({
        "status 200, STATUS, false, 200",
        "'! status 200,204,300-302', STATUS, true, '200,204,300-302'",
        "rstatus ^2, STATUS_MATCHES, false, ^2",
        "! rstring (?i)bad|worse, BODY_MATCHES, true, (?i)bad|worse"
    })
    void whatIsExpectedMayBeARegularExpressionOrAList(
            String rule, Expectation.Kind kind, boolean negated, String text) {
        CheckConfig check = Objects.requireNonNull(service("""
                        server_options: check
                        backend: ["option httpchk", 'http-check expect %s']
                        """.formatted(rule)).check());

        assertThat(Objects.requireNonNull(check.http()).expect()).isEqualTo(new Expectation(kind, negated, text));
    }

    @Test
    void globalLinesSpreadChecksAndLengthenHeads() {
        LoadedConfig loaded = files.load("""
                haproxy: {global: [spread-checks 4, tune.bufsize 131072]}
                services:
                  a: {default_servers: ["h:1"], haproxy: {port: 1, server_options: check, listen: mode http}}
                """);
        ServiceConfig service = loaded.config().services().get(0);

        assertThat(Objects.requireNonNull(service.check()).spreadPercent()).isEqualTo(4);
        assertThat(listener(service).client().maxHeadBytes()).isEqualTo(131_072);
    }

    @Test
    void serverOptionsCanMakeEveryMemberABackupWithAWeight() {
        ServiceConfig service =
                service("server_options: 'backup weight 7 check port %{port}', backend: [option allbackups]");

        assertThat(service.pool().allBackups()).isTrue();
        assertThat(service.pool().membership().backup()).isTrue();
        assertThat(service.pool().membership().defaultWeight()).isEqualTo(7);
        assertThat(Objects.requireNonNull(service.check()).port()).isNull();
    }

    @Test
    void defaultServersKeepTheirOptions() {
        ServiceConfig service = files.service("""
                services:
                  web:
                    default_servers:
                      - {name: a, host: h, port: "81", weight: 9, haproxy_server_options: backup weight 3, id: 5, labels: {x: 1}}
                      - {host: "2607::1", port: 82, weight: 9}
                    keep_default_servers: true
                    use_previous_backends: false
                    backend_port_override: "90"
                    haproxy: {port: 80}
                """);

        List<Endpoint> defaults = service.pool().membership().defaults();
        assertThat(defaults).extracting(Endpoint::weight).containsExactly(3, null);
        assertThat(defaults).extracting(Endpoint::backup).containsExactly(true, false);
        assertThat(defaults.get(0).labels()).containsEntry("x", "1");
        assertThat(defaults.get(0).sequence()).isEqualTo(5L);
        assertThat(defaults.get(1).address()).isEqualTo("[2607::1]:82");
        assertThat(service.pool().membership().keepDefaults()).isTrue();
        assertThat(service.pool().membership().usePrevious()).isFalse();
        assertThat(service.pool().membership().portOverride()).isEqualTo(PortOverride.to(90));
    }

    @Test
    void theWeightOfADefaultServerCountsWhenNervesWeightsDo() {
        ServiceConfig service = files.service("""
                services:
                  web:
                    default_servers: [{host: h, port: 81, weight: 9, haproxy_server_options: weight 3}]
                    haproxy: {port: 80, use_nerve_weights: true}
                """);

        assertThat(service.pool().membership().defaults())
                .extracting(Endpoint::weight)
                .containsExactly(9);
        assertThat(service.pool().membership().useRegistryWeights()).isTrue();
    }

    @Test
    void forwardForAddsTheClientsAddress() {
        assertThat(listener(service("port: 80, listen: [mode http]")).client().forwardedFor())
                .isEqualTo(ForwardedFor.OFF);
        assertThat(listener(service("port: 80, listen: [mode http, option forwardfor]"))
                        .client()
                        .forwardedFor())
                .isEqualTo(ForwardedFor.APPEND);
    }

    @Test
    void aDisabledServiceIsNoService() {
        LoadedConfig loaded =
                files.load("services: {web: {default_servers: ['h:1'], haproxy: {disabled: true, port: 1}}}");

        assertThat(loaded.config().services()).isEmpty();
        assertThat(loaded.problems()).isEmpty();
    }

    @Test
    void rulesOfAServicesOwnFrontendLeadToOtherServices() {
        LoadedConfig loaded = files.load("""
                services:
                  web:
                    default_servers: ["h:1"]
                    haproxy:
                      port: 80
                      listen: [mode http]
                      frontend: [acl admin path_beg /admin, use_backend be_admin if admin]
                  admin:
                    default_servers: ["h:2"]
                    haproxy: {backend_name: be_admin}
                """);

        assertThat(loaded.problems()).isEmpty();
        ListenerConfig listener = listener(loaded.config().services().get(0));
        assertThat(listener.routes().routes()).extracting(Route::pool).containsExactly("admin");
        assertThat(listener.routes().defaultPool()).isEqualTo("web");
    }

    @Test
    void linesUnderListenAreOneRuleOfListenerAndService() {
        ServiceConfig service = service("""
                port: 80
                listen: [mode http, timeout tarpit 3s, "reqtarpit . if chaos", "acl chaos hdr(X-Chaos) -m found"]
                frontend: ["http-request set-header X-F f", reqidel ^X-A]
                backend: ["http-request set-header X-B b"]
                """);

        List<HttpRule> ofListener = listener(service).rules().requests().stream()
                .flatMap(List::stream)
                .toList();
        List<HttpRule> ofService =
                service.rules().requests().stream().flatMap(List::stream).toList();
        assertThat(ofListener)
                .extracting(HttpRule::action)
                .containsExactly(
                        new HeaderEdit.Set("X-F", Template.of("f")),
                        new LineEdit.Delete(Regex.of("^X-A", true)),
                        new LineEdit.OnMatch(Regex.of(".", false), Refusal.tarpit(500, Duration.ofSeconds(3))));
        assertThat(ofService).hasSize(2).last().isSameAs(ofListener.get(2));
    }

    @ParameterizedTest
    @CsvSource({"timeout connect 2s,2000", "timeout tarpit 5s,5000", "retries 1,0"})
    void aTarpitLastsAsLongAsConnectingUnlessALineSaysOtherwise(String line, long millis) {
        ServiceConfig service = service("port: 80, listen: [mode http, http-request tarpit, " + line + "]");

        assertThat(service.rules().requests().get(0).get(0).action())
                .isEqualTo(Refusal.tarpit(500, Duration.ofMillis(millis)));
    }

    @Test
    void rulesForRequestsHaveNoEffectOnATcpService() {
        LoadedConfig loaded = files.load("""
                services:
                  a: {default_servers: ["h:1"], haproxy: {port: 1, listen: [http-request deny], backend: ["rspadd A:b"]}}
                """);

        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly(
                        "0.yaml:2:61: warning: services.a.haproxy.listen[0]: `http-request deny`: has no effect:"
                                + " it concerns requests, and the service speaks TCP",
                        "0.yaml:2:91: warning: services.a.haproxy.backend[0]: `rspadd A:b`: has no effect:"
                                + " it concerns requests, and the service speaks TCP");
        assertThat(loaded.config().services().get(0).rules().isEmpty()).isTrue();
    }

    @Test
    void aSharedFrontendHasRulesOfItsOwnAndNoneOfItsServices() {
        LoadedConfig loaded = files.load("""
                services:
                  a: {default_servers: ["h:1"], haproxy: {shared_frontend: ["reqadd X-S:s"], backend: ["reqadd X-A:a", mode http]}}
                haproxy:
                  shared_frontend: ["bind :8081", "http-request deny if { src ::1 }", default_backend a]
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().frontends().get(0).rules().requests().stream()
                        .flatMap(List::stream)
                        .map(HttpRule::action))
                .containsExactly(Refusal.deny(403), new HeaderEdit.Add("X-S", Template.of("s")));
        assertThat(loaded.config().services().get(0).rules().requests()).hasSize(1);
    }

    @Test
    void aSharedFrontendSpeaksHttpAndCollectsTheRulesOfItsServices() {
        LoadedConfig loaded = files.load("""
                services:
                  a: {default_servers: ["h:1"], haproxy: {shared_frontend: [acl a hdr_dom(host) -i a.lb, use_backend a if a]}}
                  b: {default_servers: ["h:2"], haproxy: {shared_frontend: use_backend b unless a}}
                haproxy:
                  shared_frontend: ["bind 127.0.0.1:8081", "bind *:8082", timeout client 9s, default_backend a]
                """);

        assertThat(loaded.problems()).isEmpty();
        ListenerConfig frontend = loaded.config().frontends().get(0);
        assertThat(frontend.name()).isEqualTo("shared-frontend");
        assertThat(frontend.addresses()).extracting(BindAddress::toString).containsExactly("127.0.0.1:8081", "*:8082");
        assertThat(frontend.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(frontend.clientTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(frontend.routes().routes()).extracting(Route::pool).containsExactly("a", "b");
        assertThat(frontend.routes().defaultPool()).isEqualTo("a");
    }

    @Test
    void requestsForABrokenServiceGoNowhereElse() {
        LoadedConfig loaded = files.load("""
                services:
                  good: {default_servers: ["h:1"], haproxy: {shared_frontend: ["use_backend good if { path_beg / }"]}}
                haproxy:
                  shared_frontend: ["bind :8081", "use_backend bad if { path_beg /bad }", default_backend good]
                """, "services: {bad: {default_servers: [nonsense], haproxy: {}}}");

        assertThat(loaded.brokenServices()).containsExactly("bad");
        assertThat(loaded.unusable()).isFalse();
        ListenerConfig frontend = loaded.config().frontends().get(0);
        assertThat(frontend.routes().defaultPool()).isEqualTo("good");
        assertThat(target(frontend, "/bad/x")).isEqualTo("bad");
        assertThat(target(frontend, "/x")).isEqualTo("good");
    }

    private static @Nullable String target(ListenerConfig frontend, String path) {
        return frontend.routes().routes().stream()
                .filter(route -> route.when().holds(new Request("GET", "h", path)))
                .map(Route::pool)
                .findFirst()
                .orElse(null);
    }

    private record Request(String method, String host, String path) implements RequestView {}

    /** Returns a service with one server and {@code section} as its haproxy section. */
    private ServiceConfig service(String section) {
        String haproxy = section.contains("\n") ? "\n" + section.indent(6) : " {" + section + "}\n";
        return files.service("services:\n  web:\n    default_servers: ['h:1']\n    haproxy:" + haproxy);
    }

    private static ListenerConfig listener(ServiceConfig service) {
        return Objects.requireNonNull(service.listener());
    }

    private static AddressRange range(String text) {
        return Objects.requireNonNull(AddressRange.parse(text));
    }

    private static CheckConfig check(ServiceConfig service) {
        return Objects.requireNonNull(service.check());
    }
}
