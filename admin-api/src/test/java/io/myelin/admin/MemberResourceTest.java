package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.pool.Pool;
import io.myelin.server.BindAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class MemberResourceTest {
    private static final String MEMBER = "/api/v1/services/web/members/a_10.0.0.1:80";

    private final World world = new World();
    private final Pool pool = world.mixedPool("web");
    private AdminServer server;
    private AdminClient client;

    @BeforeEach
    void start() throws AdminBindException {
        world.process.control = world.control::runAll;
        server = AdminServer.start(new BindAddress("127.0.0.1", 0), world.process, world.clock);
        client = AdminClient.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
        world.process.statistics.close();
    }

    @Test
    void showsOneMember() throws IOException {
        JsonNode member = client.json(MEMBER);

        assertThat(member.path("id").asText()).isEqualTo("a_10.0.0.1:80");
        assertThat(member.path("state").asText()).isEqualTo("up");
        assertThat(client.json("/api/v1/services/web/members/e_::1:80")
                        .path("backup")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"PUT,drain,DRAIN,draining", "POST,maintenance,MAINT,draining", "PUT,ready,READY,up"})
    void restsAMemberAndAnswersWhenThatHasTakenEffect(String method, String wish, AdminState state, String shown)
            throws IOException {
        HttpResponse<String> response = ask(method, MEMBER, "{\"state\": \"" + wish + "\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(AdminClient.json(response).path("state").asText()).isEqualTo(shown);
        assertThat(member().adminState()).isEqualTo(state);
    }

    @Test
    void weighsAMemberAndTakesThatBack() throws IOException {
        assertThat(AdminClient.json(ask("PUT", MEMBER, "{\"weight\": 7}"))
                        .path("weight")
                        .asInt())
                .isEqualTo(7);
        assertThat(member().weight()).isEqualTo(7);

        ask("PUT", MEMBER, "{\"weight\": null, \"state\": \"drain\"}");

        assertThat(member().weight()).isEqualTo(member().configuredWeight());
        assertThat(member().adminState()).isEqualTo(AdminState.DRAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | body: nothing is wished for",
                "[] | body: nothing is wished for",
                "{} | body: nothing is wished for",
                "{\"state\" | body: Unexpected end-of-input",
                "{\"state\": \"ready\"} {} | body: Trailing token",
                "{\"state\": \"ready\", \"state\": \"drain\"} | body: Duplicate field 'state'",
                "{\"state\": \"off\"} | state: \"off\" (expected: \"ready\", \"drain\" or \"maintenance\")",
                "{\"state\": null} | state: null (expected: ",
                "{\"weight\": 257} | weight: 257 (expected: 0..256, or null)",
                "{\"weight\": -1} | weight: -1 (expected: ",
                "{\"weight\": 1.5} | weight: 1.5 (expected: ",
                "{\"weight\": \"5\"} | weight: \"5\" (expected: ",
                "{\"drain\": true} | drain: unknown (expected: {\"state\": ",
            })
    void saysWhatIsWrongWithABody(String body, String message) throws IOException {
        HttpResponse<String> response = ask("PUT", MEMBER, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).startsWith(message);
        assertThat(member().adminState()).isEqualTo(AdminState.READY);
    }

    @Test
    void knowsNeitherOtherMembersNorOtherServices() throws IOException {
        HttpResponse<String> member = ask("PUT", "/api/v1/services/web/members/z_10.0.0.9:80", "{\"weight\": 1}");
        HttpResponse<String> service = ask("PUT", "/api/v1/services/web2/members/z", "{\"weight\": 1}");

        assertThat(member.statusCode()).isEqualTo(404);
        assertThat(message(member)).isEqualTo("Unknown member z_10.0.0.9:80 of service web");
        assertThat(service.statusCode()).isEqualTo(404);
        assertThat(message(service)).isEqualTo("Unknown service web2");
        assertThat(client.get("/api/v1/services/web/members/z").statusCode()).isEqualTo(404);
    }

    @Test
    void aBrokenServiceHasNoMembers() throws IOException {
        world.process.broken.add(new BrokenService("torn", List.of("port: x")));

        HttpResponse<String> response = ask("PUT", "/api/v1/services/torn/members/z", "{\"weight\": 1}");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(message(response)).isEqualTo("Service torn is broken and has no members");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PATCH"})
    void knowsNoOtherMethod(String method) {
        HttpResponse<String> response = ask(method, MEMBER, "{\"weight\": 1}");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD, PUT, POST");
    }

    @Test
    void takesNothingFromAPageOfOthers() throws IOException {
        String wish = "{\"state\": \"drain\"}";

        String answer = client.exchange("POST " + MEMBER + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example"
                + "\r\nConnection: close\r\nContent-Length: " + wish.length() + "\r\n\r\n" + wish);

        assertThat(answer).startsWith("HTTP/1.1 403 ");
        assertThat(member().adminState()).isEqualTo(AdminState.READY);
    }

    @Test
    void requestsBehindAChangeAreAnsweredAfterIt() throws IOException {
        String wish = "{\"state\": \"drain\"}";

        String answers =
                client.exchange("PUT " + MEMBER + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + wish.length()
                        + "\r\n\r\n" + wish + "GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
        assertThat(answers.indexOf("\"draining\""))
                .isLessThan(answers.indexOf("\"ok\""))
                .isPositive();
    }

    private Member member() {
        return pool.snapshot().members().get(0);
    }

    private static String message(HttpResponse<String> response) throws IOException {
        return AdminClient.json(response).path("error").path("message").asText();
    }

    private HttpResponse<String> ask(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .method(method, BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.http()
                .sendAsync(request, BodyHandlers.ofString())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
