package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.Match;
import io.myelin.route.RouteConfig;
import io.myelin.route.RouteConfig.Route;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route does to the requests that it takes, and what those hear that no route or member takes. */
@Timeout(30)
@Tag("sockets")
class RouteRulesTest {
    private static final Route STRIPPING = new Route(below("/A"), "web");
    private static final Route LEAVING = new Route(below("/keep"), "web");

    private final TestProxy proxy = TestProxy.http()
            .with(new RouteConfig(List.of(STRIPPING, LEAVING), null))
            .withListener(listener -> listener.routeRules(
                    List.of(rules(new TargetEdit.Strip(2), new HeaderEdit.Set("Host", Template.of("localhost:5070"))))))
            .with(ClientConfig.DEFAULT
                    .with()
                    .statuses(Map.of(Failure.NO_ROUTE, 404, Failure.NO_MEMBER, 502))
                    .errorPages(Map.of(
                            502,
                            ErrorPage.of("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\n\r\nBad gateway")))
                    .build());
    private final LoopbackBackend backend = LoopbackBackend.answering("ok");

    @AfterEach
    void stop() {
        proxy.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/A, /",
        "/a/, /",
        "/A/x/y, /x/y",
        "/A?k=1&k=2, /?k=1&k=2",
        "/A/data?, /data?",
        "/A/%2F%20/b%3Fc?d=%26, /%2F%20/b%3Fc?d=%26",
        "/A//double, //double",
        "http://web/A/x?y, /x?y",
        "/keep/A, /keep/A"
    })
    void aPrefixIsTakenOffAndNothingElse(String target, String forwarded) throws IOException, InterruptedException {
        proxy.start(backend.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: web\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(backend.awaitRequest()).startsWith("GET " + forwarded + " HTTP/1.1\r\n");
    }

    @Test
    void theHostIsReplacedAndTheOneThatWasAskedForIsTold() throws IOException, InterruptedException {
        proxy.start(backend.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send("GET /A HTTP/1.1\r\nHost: a.example.com\r\n\r\n").readResponse();
        }
        assertThat(backend.awaitRequest())
                .containsOnlyOnce("Host: localhost:5070\r\n")
                .contains("X-Forwarded-Host: a.example.com\r\n");
    }

    @Test
    void aRouteWithoutRulesLeavesTheRequestAsItIs() throws IOException, InterruptedException {
        proxy.start(backend.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send("GET /keep/x HTTP/1.1\r\nHost: a.example.com\r\n\r\n").readResponse();
        }
        assertThat(backend.awaitRequest()).startsWith("GET /keep/x HTTP/1.1\r\nHost: a.example.com\r\n");
    }

    @Test
    void aRequestThatNoRouteTakesIsNotFound() throws IOException {
        proxy.start(backend.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            Response response =
                    client.send("GET /Ax HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
            assertThat(response.status()).isEqualTo(404);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("no_route");
            assertThat(client.send("GET /A HTTP/1.1\r\nHost: web\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(proxy.server().unrouted(Failure.NO_ROUTE)).isEqualTo(1);
    }

    @Test
    void aRequestThatNoMemberTakesMeetsABadGateway() throws IOException {
        proxy.start();
        try (RawClient client = RawClient.to(proxy.port())) {
            Response response =
                    client.send("GET /A HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.body()).isEqualTo("Bad gateway");
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("no_member");
        }
        assertThat(proxy.pool().total(Failure.NO_MEMBER)).isEqualTo(1);
        assertThat(proxy.pool().total(PoolCounter.RESPONSES_5XX)).isEqualTo(1);
    }

    @Test
    void nothingCanBeTakenOffThatIsNotThere() {
        assertThatThrownBy(() -> new TargetEdit.Strip(0)).hasMessage("strip: 0 (expected: >= 1)");
    }

    private static Condition below(String path) {
        return new Text(Part.PATH, Match.SEGMENTS, true, List.of(path));
    }

    private static HttpRules rules(HttpAction... actions) {
        List<HttpRule> rules = List.of(actions).stream()
                .map(action -> new HttpRule(Condition.ALWAYS, action))
                .toList();
        return new HttpRules(List.of(rules), List.of());
    }
}
