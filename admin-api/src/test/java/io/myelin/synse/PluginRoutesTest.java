package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static io.myelin.synse.Client.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.PluginHealth;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PluginRoutesTest {
    private final Served served;
    private final ScriptedPlugins plugins;
    private final Client client;

    PluginRoutesTest() throws IOException {
        served = new Served();
        plugins = served.plugins;
        client = served.client;
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void testsAndVersionsWithoutPlugins() throws InterruptedException {
        assertThat(client.get("/test").body())
                .isEqualTo("{\n  \"status\": \"ok\",\n  \"timestamp\": \"" + Served.NOW + "\"\n}\n");
        assertThat(client.get("/version").body())
                .isEqualTo("{\n  \"version\": \"3.4.2\",\n  \"api_version\": \"v3\"\n}\n");
        assertThat(client.json("/v3/config")).isEqualTo(quoted("{'logging':'info','grpc':{'timeout':3}}"));
        assertThat(client.json("/v3/plugin/health"))
                .isEqualTo(quoted("{'status':'healthy','updated':'" + Served.NOW
                        + "','healthy':[],'unhealthy':[],'active':0,'inactive':0}"));
        assertThat(client.get("/v3/plugin").body()).isEqualTo("[]\n");
    }

    @Test
    void scenario24aRegisteredPluginIsListedAndDetailed() throws InterruptedException {
        ScriptedPlugin plugin = plugins.add("p-1");
        plugin.collisions = List.of(PluginAddress.unix("other.sock"));

        assertThat(client.json("/v3/plugin"))
                .isEqualTo(quoted("[{'name':'emulator plugin','maintainer':'vaporio','tag':'vaporio/emulator-plugin',"
                        + "'description':'emulates','id':'p-1','active':true}]"));
        assertThat(client.json("/v3/plugin/p-1"))
                .isEqualTo(quoted("{'name':'emulator plugin','maintainer':'vaporio','tag':'vaporio/emulator-plugin',"
                        + "'description':'emulates','vcs':'vcs','id':'p-1','active':true,"
                        + "'network':{'address':'plugin:5001','protocol':'tcp'},"
                        + "'version':{'plugin_version':'1.0','sdk_version':'3.1','build_date':'2020-01-01',"
                        + "'git_commit':'abc','git_tag':'v1','arch':'amd64','os':'linux'},"
                        + "'health':{'timestamp':'2020-01-01T00:00:00Z','status':'OK','checks':[{'name':'queue',"
                        + "'status':'OK','message':'','timestamp':'2020-01-01T00:00:00Z','type':'periodic'}]},"
                        + "'disabled':false,'reason':'answers','since':'" + Served.NOW
                        + "','reconnecting':false,'collisions':['unix:/tmp/synse/other.sock']}"));
    }

    @Test
    void scenario25aPluginThatComesUpIsListedAfterARefresh() throws InterruptedException {
        plugins.add("p-1");
        CompletableFuture<String> look = new CompletableFuture<>();
        plugins.look = look;
        CompletableFuture<HttpResponse<String>> refreshed = client.later("/v3/plugin?refresh=true");
        Await.until("the look has begun", () -> plugins.looks.get() == 2);

        assertThat(client.get("/test").statusCode()).isEqualTo(200);
        assertThat(client.json("/v3/plugin")).hasSize(1);
        plugins.add("p-2");
        look.complete("");
        assertThat(parse(refreshed.join().body())).hasSize(2);
    }

    @Test
    void scenario32aThrongOfRefreshesIsAnsweredByOneResult() throws InterruptedException {
        plugins.add("p-1");
        CompletableFuture<String> look = new CompletableFuture<>();
        plugins.look = look;
        List<CompletableFuture<HttpResponse<String>>> throng = IntStream.range(0, 20)
                .mapToObj(i -> client.later("/v3/plugin?refresh=true"))
                .toList();
        Await.until("all have arrived", () -> plugins.looks.get() == 21);

        assertThat(client.get("/test").statusCode()).isEqualTo(200);
        look.complete("");
        assertThat(throng).allSatisfy(one -> {
            assertThat(one.join().statusCode()).isEqualTo(200);
            assertThat(parse(one.join().body())).hasSize(1);
        });
    }

    @Test
    void aRefreshThatFailsIsToldAsSuch() throws InterruptedException {
        plugins.look = CompletableFuture.failedFuture(ApiException.failed("closed"));

        HttpResponse<String> response = client.get("/v3/plugin?refresh=true");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(parse(response.body()).path("description").asText()).isEqualTo("error processing the request");
    }

    @Test
    void pluginsAreLookedForWhenNoneIsKnown() throws InterruptedException {
        client.get("/v3/plugin");
        assertThat(plugins.looks).hasValue(2);
        plugins.add("p-1");
        client.get("/v3/plugin");
        assertThat(plugins.looks).hasValue(2);
    }

    @Test
    void anInactivePluginIsShownWithWhatIsKnownOfIt() throws InterruptedException {
        ScriptedPlugin plugin = plugins.add("p-1");
        plugin.fail(Kind.UNREACHABLE, "connection refused");

        JsonNode detail = client.json("/v3/plugin/p-1");
        assertThat(detail.path("active").asBoolean(true)).isFalse();
        assertThat(detail.path("reason").asText()).isEqualTo("refused");
        assertThat(detail.path("reconnecting").asBoolean()).isTrue();
        assertThat(detail.path("health"))
                .isEqualTo(quoted("{'timestamp':'" + Served.NOW + "','status':'UNKNOWN','checks':[]}"));
        HttpResponse<String> strict = client.get("/v3/plugin/p-1?strict=true");
        assertThat(strict.statusCode()).isEqualTo(500);
        assertThat(parse(strict.body()).path("context").asText()).isEqualTo("health of plugin p-1: connection refused");
    }

    @Test
    void scenario28aDisabledPluginIsShownAsSuch() throws InterruptedException {
        ScriptedPlugin plugin = plugins.add("p-1");
        plugin.disabled = true;

        assertThat(client.json("/v3/plugin").get(0).path("active").asBoolean(true))
                .isFalse();
        assertThat(client.json("/v3/plugin/p-1").path("disabled").asBoolean()).isTrue();
        client.get("/v3/plugin/health");
        assertThat(plugin.calls)
                .as("of the summary none, and of the detail one that reaches nothing")
                .hasSize(1);
    }

    @Test
    void scenario34theHealthOfAllIsAskedAtTheSameTime() throws InterruptedException {
        ScriptedPlugin good = plugins.add("p-1");
        ScriptedPlugin failing = plugins.add("p-2");
        ScriptedPlugin unreachable = plugins.add("p-3");
        failing.health = PluginHealth.Status.FAILING;
        unreachable.fail(Kind.UNREACHABLE, "deadline exceeded");
        List<ScriptedPlugin> all = List.of(good, failing, unreachable);
        all.forEach(plugin -> plugin.holding = true);

        CompletableFuture<HttpResponse<String>> health = client.later("/v3/plugin/health");
        Await.until(
                "each was asked before any answered", () -> all.stream().allMatch(plugin -> plugin.held.size() == 1));
        all.forEach(ScriptedPlugin::release);

        assertThat(parse(health.join().body()))
                .isEqualTo(quoted("{'status':'unhealthy','updated':'" + Served.NOW
                        + "','healthy':['p-1'],'unhealthy':['p-2'],'active':2,'inactive':1}"));
    }

    @Test
    void scenario35errorsAreToldInOneShape() throws InterruptedException {
        plugins.add("p-1");
        HttpResponse<String> response = client.get("/v3/plugin/nope");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .isEqualTo("{\n  \"http_code\": 404,\n  \"description\": \"resource not found\",\n  \"timestamp\": \""
                        + Served.NOW + "\",\n  \"context\": \"plugin not found: nope\"\n}\n");
        HttpResponse<String> unknown = client.get("/v3/nothing/at/all");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(parse(unknown.body()).path("http_code").asInt()).isEqualTo(404);
        HttpResponse<String> wrong = client.post("/v3/plugin", "{}");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("allow")).contains("GET, HEAD");
        assertThat(parse(wrong.body()).path("context").asText()).isEqualTo("method: POST (expected: GET, HEAD)");
    }

    @Test
    void scenario35testIsAnsweredToGetAndHead() throws IOException {
        try (RawClient raw = RawClient.to(served.port())) {
            raw.send("HEAD /test HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(raw.readHeadOnly().status()).isEqualTo(200);
            raw.send("GET /test/ HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(raw.readResponse().status()).isEqualTo(200);
            raw.send("GET nonsense HTTP/1.1\r\nhost: a\r\n\r\n");
            RawClient.Response malformed = raw.readResponse();
            assertThat(malformed.status()).isEqualTo(400);
            assertThat(parse(malformed.body()).path("description").asText()).isEqualTo("invalid user input");
        }
    }

    @Test
    void aDefectIsToldWithoutItsTrace() throws InterruptedException {
        plugins.add("p-1");
        plugins.look = CompletableFuture.failedFuture(new IllegalStateException("a secret"));

        HttpResponse<String> response = client.get("/v3/plugin?refresh=true");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(parse(response.body()).path("description").asText()).isEqualTo("an unexpected error occurred");
        assertThat(response.body()).doesNotContain("secret");
    }
}
