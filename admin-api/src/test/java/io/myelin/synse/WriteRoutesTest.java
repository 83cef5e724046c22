package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static io.myelin.synse.Client.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.WriteCommand;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class WriteRoutesTest {
    private final Served served;
    private final Client client;
    private final ScriptedPlugin plugin;

    WriteRoutesTest() throws IOException {
        served = new Served();
        client = served.client;
        plugin = served.plugins.add("p-1").with("d-1", "lamp", 0);
        plugin.devices.add(plugin.device("d-r", "", 0, "r"));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void aWriteIsOrderedAndItsProgressAskedFor() throws InterruptedException {
        HttpResponse<String> response = client.post("/v3/write/lamp", "{\"action\":\"color\",\"data\":\"ff0000\"}");

        assertThat(parse(response.body()))
                .isEqualTo(quoted("[{'id':'t-0','device':'d-1','context':{'action':'color','data':'ff0000',"
                        + "'transaction':''},'timeout':'30s'}]"));
        assertThat(plugin.written).containsExactly(new WriteCommand("color", "ff0000", ""));
        assertThat(client.json("/v3/transaction")).isEqualTo(quoted("['t-0']"));
        assertThat(client.json("/v3/transaction/t-0"))
                .isEqualTo(quoted("{'id':'t-0','created':'2020-01-01T00:00:00Z','updated':'2020-01-01T00:00:01Z',"
                        + "'message':'','timeout':'30s','status':'DONE','context':{'action':'color',"
                        + "'data':'ff0000','transaction':''},'device':'d-1'}"));
    }

    @Test
    void severalWritesAreWaitedFor() throws InterruptedException {
        String body =
                "[{\"action\":\"color\",\"data\":{\"r\":1}},{\"action\":\"state\"},{\"action\":\"n\",\"data\":7}]";
        HttpResponse<String> response = client.post("/v3/write/wait/d-1", body);

        assertThat(parse(response.body())).hasSize(3);
        assertThat(parse(response.body()).get(1).path("status").asText()).isEqualTo("DONE");
        assertThat(parse(response.body()).get(1).path("device").asText()).isEqualTo("d-1");
        assertThat(plugin.written)
                .containsExactly(
                        new WriteCommand("color", "{\"r\":1}", ""),
                        new WriteCommand("state", "", ""),
                        new WriteCommand("n", "7", ""));
        assertThat(parse(client.post("/v3/device/d-1", "{\"action\":\"state\"}").body()))
                .hasSize(1);
        assertThat(client.json("/v3/transaction")).hasSize(3);
    }

    @Test
    void aClientMayNameItsTransaction() throws InterruptedException {
        client.post("/v3/write/d-1", "{\"action\":\"color\",\"transaction\":\"mine\"}");

        assertThat(client.json("/v3/transaction/mine").path("id").asText()).isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v3/write/d-1 | {broken | 400",
                "/v3/write/d-1 | {} | 400",
                "/v3/write/d-1 | [] | 400",
                "/v3/write/d-1 | 7 | 400",
                "/v3/write/d-1 | '{\"action\":7}' | 400",
                "/v3/write/wait/nope | '{\"action\":\"color\"}' | 404",
                "/v3/write/d-r | '{\"action\":\"color\"}' | 405",
                "/v3/device/d-r | '{\"action\":\"color\"}' | 405"
            })
    void whatMakesNoSenseIsNotWritten(String path, String body, int status) throws InterruptedException {
        HttpResponse<String> response = client.post(path, body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(parse(response.body()).path("http_code").asInt()).isEqualTo(status);
        assertThat(plugin.written).isEmpty();
    }

    @Test
    void aWriteIsForgottenInTime() throws InterruptedException {
        client.post("/v3/write/d-1", "{\"action\":\"color\"}");
        served.clock.advance(SynseSettings.DEFAULT_TRANSACTION_TTL.minus(Duration.ofMillis(1)));
        assertThat(client.json("/v3/transaction")).hasSize(1);
        served.clock.advance(Duration.ofMillis(1));

        assertThat(client.json("/v3/transaction")).isEmpty();
        HttpResponse<String> response = client.get("/v3/transaction/t-0");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(parse(response.body()).path("context").asText()).isEqualTo("transaction not found: t-0");
    }

    @Test
    void aPluginThatForgotTheWriteIsBelieved() throws InterruptedException {
        client.post("/v3/write/d-1", "{\"action\":\"color\"}");
        plugin.fail(Kind.NOT_FOUND, "gone");
        assertThat(client.get("/v3/transaction/t-0").statusCode()).isEqualTo(404);
        plugin.fail(Kind.UNREACHABLE, "connection refused");
        assertThat(client.get("/v3/transaction/t-0").statusCode()).isEqualTo(500);
    }
}
