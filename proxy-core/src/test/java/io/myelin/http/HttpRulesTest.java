package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.access.AddressRange;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.http.Redirection.Kind;
import io.myelin.http.Template.Header;
import io.myelin.http.Template.Literal;
import io.myelin.pool.PoolCounter;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.ConnectionCondition;
import io.myelin.route.ConnectionCondition.End;
import io.myelin.route.HeaderCondition;
import io.myelin.route.Match;
import io.myelin.route.NumberCondition;
import io.myelin.route.NumberCondition.Subject;
import io.myelin.route.Numbers;
import io.myelin.route.Numbers.Range;
import io.myelin.route.Regex;
import io.myelin.route.RouteConfig;
import io.myelin.route.TextCriterion;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@Tag("sockets")
class HttpRulesTest {
    private static final String GET = "GET /x?y HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestProxy proxy = TestProxy.http();
    private final LoopbackBackend backend = LoopbackBackend.running(conversation -> {
        while (!conversation.readRequest().isEmpty()) {
            conversation.write("HTTP/1.1 200 OK\r\nServer: origin\r\nX-List: a, b\r\nContent-Length: 2\r\n\r\nok");
        }
    });

    @AfterEach
    void stop() {
        proxy.close();
        backend.close();
    }

    @Test
    void headersAreSetAddedAndRemovedOnBothWays() throws IOException, InterruptedException {
        proxy.withPool(pool -> pool.alias("web_az"));
        proxy.withRules(
                rules(new HeaderEdit.Set("X-Client", new Template(List.of(Variable.SOURCE, new Literal("!"))))),
                new HttpRules(
                        List.of(List.of(
                                always(HeaderEdit.Delete.named("X-Secret")),
                                always(new HeaderEdit.Add("X-Pool", new Template(List.of(Variable.POOL)))))),
                        List.of(List.of(
                                always(HeaderEdit.Delete.named("Server")),
                                always(new HeaderEdit.Add(
                                        "X-Said",
                                        new Template(List.of(
                                                new Header("X-List", true, -1),
                                                new Literal("/"),
                                                Variable.STATUS,
                                                new Literal("/"),
                                                Variable.MEMBER))))))));
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nX-Secret: 1\r\nX-Client: forged\r\n\r\n");
            Response response = client.readResponse();

            assertThat(backend.awaitRequest())
                    .contains("X-Client: 127.0.0.1!\r\n", "X-Pool: web_az\r\n")
                    .doesNotContain("X-Secret", "forged");
            assertThat(response.head()).doesNotContain("Server");
            assertThat(response.header("X-Said")).isEqualTo("a, b/200/127.0.0.1:" + backend.port());
            assertThat(response.body()).isEqualTo("ok");
        }
    }

    @Test
    void aDeniedRequestReachesNobodyAndTheConnectionGoesOn() throws IOException {
        proxy.withRules(rules(when("/x", Refusal.deny(404))), HttpRules.NONE);
        try (RawClient client = client()) {
            Response denied = client.send(GET).readResponse();
            Response next =
                    client.send("GET /other HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();

            assertThat(denied.status()).isEqualTo(404);
            assertThat(denied.header("X-Myelin-Failure")).isEqualTo("denied");
            assertThat(denied.body()).isEqualTo("404 Not Found: denied\n");
            assertThat(next.status()).isEqualTo(200);
            assertThat(backend.received()).hasSize(1);
            assertThat(proxy.pool().total(Failure.DENIED)).isEqualTo(1);
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(PoolCounter.RESPONSES_4XX)).isEqualTo(1);
        }
    }

    @Test
    void aDeniedRequestWhoseBodyIsNotReadEndsTheConnection() throws IOException {
        proxy.withRules(HttpRules.NONE, rules(always(Refusal.deny(403))));
        try (RawClient client = client()) {
            Response denied = client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 100\r\n\r\nsome")
                    .readResponse();

            assertThat(denied.status()).isEqualTo(403);
            assertThat(denied.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aDeniedHeadRequestGetsNoBody() throws IOException {
        proxy.withRules(HttpRules.NONE, rules(when("/x", Refusal.deny(403))));
        try (RawClient client = client()) {
            Response denied =
                    client.send("HEAD /x HTTP/1.1\r\nHost: web\r\n\r\n").readHeadOnly();
            Response next = client.send("GET /y HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();

            assertThat(denied.status()).isEqualTo(403);
            assertThat(next.body()).isEqualTo("ok");
        }
    }

    @Test
    void aRedirectionIsAResponseAndNoFailure() throws IOException {
        proxy.withRules(
                rules(when("/x", new Redirection(Kind.SCHEME, Template.of("https"), 301, false, false, "S=1"))),
                HttpRules.NONE);
        try (RawClient client = client()) {
            Response redirect = client.send(GET).readResponse();
            Response next = client.send("GET /y HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();

            assertThat(redirect.status()).isEqualTo(301);
            assertThat(redirect.header("Location")).isEqualTo("https://web/x?y");
            assertThat(redirect.header("Set-Cookie")).isEqualTo("S=1");
            assertThat(redirect.head()).doesNotContain("Connection", "X-Myelin-Failure");
            assertThat(next.status()).isEqualTo(200);
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(PoolCounter.RESPONSES_3XX)).isEqualTo(1);
            assertThat(proxy.server().unroutedRedirects()).isZero();
        }
    }

    @Test
    void aRedirectedClientOfVersionOneZeroIsLeft() throws IOException {
        proxy.withRules(
                rules(always(new Redirection(Kind.LOCATION, Template.of("/new"), 302, false, false, ""))),
                HttpRules.NONE);
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

            assertThat(client.readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void whatAListenerOfSeveralPoolsAnswersItselfIsCountedThere() throws IOException {
        Condition toWeb = path("/web");
        proxy.with(new RouteConfig(List.of(new RouteConfig.Route(toWeb, "web")), null))
                .withRules(
                        new HttpRules(
                                List.of(List.of(
                                        when(
                                                "/x",
                                                new Redirection(
                                                        Kind.LOCATION, Template.of("/web"), 302, false, false, "")),
                                        when("/deny", Refusal.deny(403)))),
                                List.of()),
                        HttpRules.NONE);
        try (RawClient client = client()) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(302);
            assertThat(client.send("GET /deny HTTP/1.1\r\nHost: web\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(403);

            assertThat(proxy.server().unroutedRedirects()).isEqualTo(1);
            assertThat(proxy.server().unrouted(Failure.DENIED)).isEqualTo(1);
            assertThat(proxy.pool().total(PoolCounter.REQUESTS)).isZero();
        }
    }

    @Test
    void routesSeeWhatTheListenersRulesMadeOfTheRequest() throws IOException, InterruptedException {
        Condition marked = new HeaderCondition("X-Route", false, oneOf("web"));
        proxy.with(new RouteConfig(List.of(new RouteConfig.Route(marked, "web")), null))
                .withRules(
                        rules(when("/x", new HeaderEdit.Set("X-Route", Template.of("web")))),
                        rules(when("/x", new TargetEdit.Set(TargetEdit.Part.PATH, Template.of("/inner")))));
        try (RawClient client = client()) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(backend.awaitRequest()).startsWith("GET /inner?y HTTP/1.1\r\n");
            assertThat(client.send("GET /z HTTP/1.1\r\nHost: web\r\n\r\n")
                            .readResponse()
                            .header("X-Myelin-Failure"))
                    .isEqualTo("no_route");
        }
    }

    @Test
    void aRuleThatListenerAndPoolShareIsRunOnce() throws IOException, InterruptedException {
        HttpRules shared = new HttpRules(
                List.of(List.of(always(new HeaderEdit.Add("X-Once", Template.of("1"))))),
                List.of(List.of(always(new HeaderEdit.Add("X-Once", Template.of("1"))))));
        proxy.withRules(shared, shared);
        try (RawClient client = client()) {
            Response response = client.send(GET).readResponse();

            assertThat(backend.awaitRequest().split("X-Once", -1)).hasSize(2);
            assertThat(response.head().split("X-Once", -1)).hasSize(2);
        }
    }

    @Test
    void aTarpitHoldsTheClientWithoutAMemberThenTellsIt() throws IOException {
        Duration delay = Duration.ofMillis(150);
        proxy.withRules(rules(when("/x", Refusal.tarpit(500, delay))), HttpRules.NONE);
        try (RawClient client = client()) {
            long startNanos = System.nanoTime();
            Response told = client.send(GET).readResponse();

            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(delay.toNanos());
            assertThat(told.status()).isEqualTo(500);
            assertThat(told.header("X-Myelin-Failure")).isEqualTo("tarpitted");
            assertThat(told.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
            assertThat(backend.connections()).isZero();
            assertThat(proxy.pool().total(Failure.TARPITTED)).isEqualTo(1);
            proxy.awaitQuiet();
        }
    }

    @Test
    void whatAHeldClientSendsIsDiscardedAsItComes() throws IOException {
        proxy.withRules(rules(always(Refusal.tarpit(503, Duration.ofMillis(500)))), HttpRules.NONE);
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 100000000\r\n\r\n");
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 16; i++) {
                // More than the sockets hold: this would block if the proxy did not read it.
                client.send(megabyte);
            }

            assertThat(client.readResponse().status()).isEqualTo(503);
        }
    }

    @Test
    void aHeldClientThatLeavesIsForgottenAtOnce() throws IOException {
        proxy.withRules(rules(always(Refusal.tarpit(500, LONG))), HttpRules.NONE);
        try (RawClient leaving = client();
                RawClient halfClosing = RawClient.to(proxy.port())) {
            leaving.send(GET);
            halfClosing.send(GET);
            Await.until("both are held", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == 2);
            leaving.hangUp();
            halfClosing.endOutput();

            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(2);
            assertThat(halfClosing.ended()).isTrue();
        }
    }

    @Test
    void aClientThatHadLeftBeforeIsNotHeld() throws IOException {
        proxy.withRules(rules(when("/x", Refusal.tarpit(500, LONG))), HttpRules.NONE);
        try (RawClient client = client()) {
            client.send("GET /y HTTP/1.1\r\nHost: web\r\n\r\n" + GET).endOutput();

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.ended()).isTrue();
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(1);
        }
    }

    @Test
    void aHeldClientIsCutWithTheProxy() throws IOException {
        proxy.withRules(rules(always(Refusal.tarpit(500, LONG))), HttpRules.NONE);
        try (RawClient client = client()) {
            client.send(GET);
            Await.until("it is held", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == 1);
            int cut = proxy.server()
                    .drain(Duration.ofMillis(50))
                    .toCompletableFuture()
                    .join();

            assertThat(cut).isEqualTo(1);
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(Failure.PROXY_STOPPED)).isEqualTo(1);
        }
    }

    @Test
    void aDeniedResponseIsReplaced() throws IOException {
        HttpRule onStatus = new HttpRule(
                new NumberCondition(Subject.STATUS, new Numbers(List.of(new Range(200, 299)))),
                Refusal.denyResponse(502));
        proxy.withRules(HttpRules.NONE, new HttpRules(List.of(), List.of(List.of(onStatus))));
        try (RawClient client = client()) {
            Response denied = client.send(GET).readResponse();

            assertThat(denied.status()).isEqualTo(502);
            assertThat(denied.header("X-Myelin-Failure")).isEqualTo("response_denied");
            assertThat(proxy.pool().total(Failure.RESPONSE_DENIED)).isEqualTo(1);
            assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.FAILURES))
                    .isZero();
            assertThat(client.send(GET).readResponse().status()).isEqualTo(502);
        }
    }

    @Test
    void responsesOfTheProxyItselfAreNoneForRules() throws IOException {
        HttpRule mark = always(new HeaderEdit.Set("X-Mark", Template.of("1")));
        proxy.withRules(new HttpRules(List.of(), List.of(List.of(mark))), HttpRules.NONE);
        try (RawClient client = RawClient.to(proxy.start().port())) {
            Response response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.head()).doesNotContain("X-Mark");
        }
    }

    @Test
    void conditionsKnowBothEndsOfTheConnection() throws IOException {
        AddressRange loopback = range("127.0.0.0/8");
        proxy.withRules(
                new HttpRules(
                        List.of(List.of(
                                new HttpRule(
                                        new ConnectionCondition(End.SOURCE, List.of(range("10.0.0.0/8"))),
                                        Refusal.deny(401)),
                                new HttpRule(
                                        new ConnectionCondition(End.SOURCE, List.of(loopback)), Refusal.deny(405)))),
                        List.of()),
                HttpRules.NONE);
        try (RawClient client = client()) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(405);
        }
    }

    @Test
    void aChangedMethodDecidesWhetherARequestMayBeRepeated() throws IOException {
        try (LoopbackBackend closing = LoopbackBackend.running(LoopbackBackend.Conversation::readRequest)) {
            proxy.withRules(rules(always(new TargetEdit.SetMethod("POST"))), HttpRules.NONE);
            try (RawClient client = RawClient.to(proxy.start(closing.port()).port())) {
                assertThat(client.send(GET).readResponse().header("X-Myelin-Failure"))
                        .isEqualTo("upstream_closed");
                assertThat(closing.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void expressionsOfBoundedTimeOnly() {
        assertThatThrownBy(() -> Regex.of("(a)\\1", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RE2");
        assertThat(Regex.of("(a*)*b", false).matchesIn("a".repeat(100_000))).isFalse();
    }

    private RawClient client() throws IOException {
        return RawClient.to(proxy.start(backend.port()).port());
    }

    private static Condition path(String path) {
        return new Text(Part.PATH, Match.EXACT, false, List.of(path));
    }

    private static TextCriterion oneOf(String text) {
        return new TextCriterion.OneOf(Match.EXACT, false, List.of(text));
    }

    private static HttpRule when(String path, HttpAction action) {
        return new HttpRule(path(path), action);
    }

    private static HttpRule always(HttpAction action) {
        return new HttpRule(Condition.ALWAYS, action);
    }

    private static HttpRules rules(HttpAction action) {
        return rules(always(action));
    }

    private static HttpRules rules(HttpRule rule) {
        return new HttpRules(List.of(List.of(rule)), List.of());
    }

    private static AddressRange range(String text) {
        return Objects.requireNonNull(AddressRange.parse(text));
    }
}
