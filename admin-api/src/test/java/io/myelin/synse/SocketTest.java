package io.myelin.synse;

import static io.myelin.synse.Client.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.testing.Await;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class SocketTest {
    private final Served served;
    private final Session session;
    private final ScriptedPlugin first;
    private final ScriptedPlugin second;

    SocketTest() throws IOException {
        served = new Served();
        first = served.plugins.add("p-1").with("d-1", "lamp", 0, "default/a").reads("d-1", 1);
        second = served.plugins.add("p-2").with("d-2", "", 0, "default/b").reads("d-2", 2);
        session = new Session(served.port());
    }

    @AfterEach
    void stop() {
        session.close();
        served.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status | {} | status | {'status':'ok','timestamp':'2023-11-14T22:13:20Z'}",
                "version | {} | version | {'version':'3.4.2','api_version':'v3'}",
                "config | {} | config | {'logging':'info','grpc':{'timeout':3}}",
                "plugin_health | {} | plugin_health | {'status':'healthy','updated':'2023-11-14T22:13:20Z',"
                        + "'healthy':['p-1','p-2'],'unhealthy':[],'active':2,'inactive':0}",
                "tags | {'ns':'default'} | tags | ['default/a','default/b']",
                "tags | {'ns':['default','system'],'ids':true} | tags | ['default/a','default/b','system/id:d-1',"
                        + "'system/id:d-2','system/type:temperature']",
                "transactions | {} | transaction_list | []"
            })
    void requestsAreAnsweredWithTheirId(String event, String given, String response, String answer) {
        JsonNode message = session.ask("{'id':7,'event':'request/" + event + "','data':" + given + "}");

        assertThat(message).isEqualTo(quoted("{'id':7,'event':'response/" + response + "','data':" + answer + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plugins | {} | plugin_summary | id | p-1 p-2",
                "plugins | {'refresh':true} | plugin_summary | id | p-1 p-2",
                "plugin | {'plugin':'p-2'} | plugin_info | id | p-2",
                "scan | {} | device_summary | id | d-1 d-2",
                "scan | {'tags':['a'],'force':true} | device_summary | id | d-1",
                "scan | {'tags':[['a'],['b']]} | device_summary | id | d-1 d-2",
                "scan | {'tags':'a,b'} | device_summary | id | ''",
                "info | {'device':'lamp'} | device_info | id | d-1",
                "read | {} | reading | device | d-1 d-2",
                "read | {'ns':'default','tags':['b']} | reading | device | d-2",
                "read_device | {'device':'lamp'} | reading | device | d-1",
                "write_async | {'device':'lamp','payload':{'action':'color'}} | transaction_info | device | d-1",
                "write_sync | {'device':'d-2','payload':[{'action':'color'}]} | transaction_status | status | DONE"
            })
    void requestsAreAnsweredAsOverHttp(String event, String given, String response, String field, String expected) {
        JsonNode message = session.ask("{'id':0,'event':'request/" + event + "','data':" + given + "}");

        assertThat(message.path("event").asText()).isEqualTo("response/" + response);
        JsonNode told = message.path("data");
        List<String> values = told.isArray()
                ? told.findValuesAsText(field)
                : List.of(told.path(field).asText());
        assertThat(String.join(" ", values)).isEqualTo(expected);
    }

    @Test
    void theProgressOfAWriteIsTold() {
        session.ask("{'id':1,'event':'request/write_async','data':{'device':'d-1','payload':{'action':'color'}}}");
        JsonNode message = session.ask("{'id':2,'event':'request/transaction','data':{'transaction':'t-0'}}");

        assertThat(message.path("event").asText()).isEqualTo("response/transaction_status");
        assertThat(message.path("data").path("device").asText()).isEqualTo("d-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{broken | -1 | 400 | invalid user input",
                "7 | -1 | 400 | invalid user input",
                "{'event':'request/status'} | -1 | 400 | invalid user input",
                "{'id':3} | 3 | 400 | invalid user input",
                "{'id':0,'event':'request/nonsense'} | 0 | 400 | unsupported event type: request/nonsense",
                "{'id':4,'event':'request/info'} | 4 | 400 | invalid user input",
                "{'id':4,'event':'request/info','data':{'device':7}} | 4 | 400 | invalid user input",
                "{'id':5,'event':'request/info','data':{'device':'nope'}} | 5 | 404 | resource not found",
                "{'id':6,'event':'request/write_sync','data':{'device':'d-1'}} | 6 | 400 | invalid user input",
                "{'id':7,'event':'request/read_cache','data':{'start':'now'}} | 7 | 400 | invalid user input",
                "{'id':8,'event':'request/read_stream','data':{'ids':['nope']}} | 8 | 404 | resource not found"
            })
    void errorsAreToldAndTheSessionGoesOn(String request, int id, int status, String description) {
        JsonNode message = session.ask(request);

        assertThat(message.path("event").asText()).isEqualTo("response/error");
        assertThat(message.path("id").asInt()).isEqualTo(id);
        assertThat(message.path("data").path("http_code").asInt()).isEqualTo(status);
        assertThat(message.path("data").path("description").asText()).isEqualTo(description);
        assertThat(session.ask("{'id':9,'event':'request/status'}").path("id").asInt())
                .isEqualTo(9);
    }

    @Test
    void whatIsMissingFromAnAnswerIsToldBesideIt() {
        first.fail(Kind.FAILED, "out of order");
        JsonNode message = session.ask("{'id':1,'event':'request/read'}");

        assertThat(message.path("data")).hasSize(1);
        assertThat(message.path("missing_plugins")).isEqualTo(quoted("['p-1']"));
    }

    @Test
    void whatPluginsRememberIsToldAtOnce() {
        session.send("{'id':1,'event':'request/read_cache','data':{'start':'2020-01-01T00:00:00Z'}}");
        Await.until("both are asked", () -> first.streams.size() == 1 && second.streams.size() == 1);
        assertThat(first.calls).contains("ReadCache 2020-01-01T00:00:00Z..");
        first.streams.get(0).offer(ScriptedPlugin.reading("d-1", 1));
        second.streams.get(0).offer(ScriptedPlugin.reading("d-2", 2));
        second.streams.get(0).end();
        first.streams.get(0).fail(new PluginCallException(Kind.FAILED, "broke off"));

        JsonNode message = session.next();
        assertThat(message.path("data").findValuesAsText("device")).containsExactlyInAnyOrder("d-1", "d-2");
        assertThat(message.path("missing_plugins")).isEqualTo(quoted("['p-1']"));
    }

    @Test
    void longAnswersArriveWhole() {
        for (int i = 0; i < 2_000; i++) {
            first.with("many-" + i, "", i);
        }

        assertThat(session.ask("{'id':1,'event':'request/scan','data':{'force':true}}")
                        .path("data"))
                .hasSize(2_002);
        assertThat(session.ask("{'id':2,'event':'request/status'}").path("id").asInt())
                .isEqualTo(2);
    }

    @Test
    void readingsAreToldUntilTheClientWantsNoMore() {
        session.send("{'id':5,'event':'request/read_stream'}");
        ScriptedStream stream = stream(first, 0);
        assertThat(first.calls).contains("ReadStream []");
        stream.offer(ScriptedPlugin.reading("d-1", 1));
        JsonNode message = session.next();
        assertThat(message.path("id").asInt()).isEqualTo(5);
        assertThat(message.path("event").asText()).isEqualTo("response/reading");
        assertThat(message.path("data").path("device").asText()).isEqualTo("d-1");
        assertThat(session.ask("{'id':6,'event':'request/status'}").path("id").asInt())
                .isEqualTo(6);

        session.send("{'id':7,'event':'request/read_stream','data':{'stop':true}}");
        Await.until(
                "the plugins are left alone",
                () -> stream.cancelled() && stream(second, 0).cancelled());
        assertThat(session.ask("{'id':8,'event':'request/status'}").path("id").asInt())
                .isEqualTo(8);
    }

    @Test
    void devicesAndTagsChooseWhoIsAsked() {
        session.send("{'id':5,'event':'request/read_stream','data':{'ids':['lamp']}}");
        stream(first, 0);
        session.send("{'id':6,'event':'request/read_stream','data':{'tag_groups':[['a','other/b']]}}");
        stream(first, 1);
        stream(second, 0);

        assertThat(first.calls)
                .contains(
                        "ReadStream [Selector[tags=[], id=d-1]]",
                        "ReadStream [Selector[tags=[default/a, other/b], id=]]");
        assertThat(second.streams).hasSize(1);
    }

    @Test
    void aPluginThatComesBackIsAskedAgain() {
        session.send("{'id':5,'event':'request/read_stream'}");
        ScriptedStream before = stream(first, 0);
        first.active = false;
        before.fail(new PluginCallException(Kind.UNREACHABLE, "reset"));
        first.recover();
        ScriptedStream after = stream(first, 1);
        after.offer(ScriptedPlugin.reading("d-1", 2));

        assertThat(session.next().path("data").path("value").asInt()).isEqualTo(2);
        assertThat(second.streams).hasSize(1);
    }

    @Test
    void aClientThatLeavesIsToldNoMore() {
        session.send("{'id':5,'event':'request/read_stream'}");
        ScriptedStream stream = stream(first, 0);
        session.close();

        Await.until("the plugin is left alone", stream::cancelled);
    }

    @Test
    void aSlowClientSlowsThePluginsDown() throws InterruptedException {
        session.pause();
        session.send("{'id':5,'event':'request/read_stream'}");
        ScriptedStream stream = stream(first, 0);
        String large = "x".repeat(10_000);
        while (stream.allowed() > 0) {
            while (stream.offer(ScriptedPlugin.reading("d-1", large))) {
                Thread.onSpinWait();
            }
            // When this is answered, the event loop has done all that it had to do.
            assertThat(served.client.get("/test").statusCode()).isEqualTo(200);
        }

        session.resume();
        Await.until("more is allowed again", () -> stream.allowed() > 0);
    }

    @Test
    void thereAreOnlySoManyStreams() {
        for (int i = 0; i < 8; i++) {
            session.send("{'id':" + i + ",'event':'request/read_stream','data':{'ids':['lamp']}}");
        }
        JsonNode refusal = session.ask("{'id':8,'event':'request/read_stream'}");

        assertThat(refusal.path("id").asInt()).isEqualTo(8);
        assertThat(refusal.path("data").path("context").asText())
                .isEqualTo("streams of readings: 9 (expected: at most 8)");
    }

    @Test
    void sessionsAreCounted() throws InterruptedException {
        session.ask("{'id':1,'event':'request/status'}");
        session.ask("{'id':2,'event':'request/nonsense'}");
        String metrics = served.client.get("/metrics").body();

        assertThat(metrics)
                .contains("synse_websocket_session_count 1.0\n")
                .contains("synse_websocket_request_count_total{event=\"request/status\"} 1.0\n")
                .contains("synse_websocket_request_bytes_total{event=\"request/status\"} 33.0\n")
                .contains("synse_websocket_request_latency_sec_count{event=\"request/status\"} 1.0\n")
                .contains("synse_websocket_response_bytes_total{event=\"response/status\"}")
                .contains("synse_websocket_error_response_count_total{event=\"response/error\"} 1.0\n");
        session.close();
        Await.until("the session is over", () -> sessions() == 0);
    }

    private int sessions() {
        try {
            return served.client.get("/metrics").body().contains("synse_websocket_session_count 0.0\n") ? 0 : 1;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ScriptedStream stream(ScriptedPlugin plugin, int index) {
        return Await.found("stream " + index, () -> plugin.streams.size() > index ? plugin.streams.get(index) : null);
    }
}
