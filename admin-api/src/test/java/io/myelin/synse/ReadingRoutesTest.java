package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static io.myelin.synse.Client.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.RawText;
import io.myelin.health.plugin.Reading;
import io.myelin.health.plugin.Unit;
import io.myelin.testing.Await;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadingRoutesTest {
    private static final String MISSING = "x-synse-missing-plugins";

    private final Served served;
    private final Client client;
    private final ScriptedPlugin first;
    private final ScriptedPlugin second;

    ReadingRoutesTest() throws IOException {
        served = new Served();
        client = served.client;
        first = served.plugins
                .add("p-1")
                .with("d-2", "lamp", 1, "default/rack:a")
                .with("d-1", "", 1, "default/rack:a", "default/led")
                .reads("d-2", 2)
                .reads("d-1", 21.5)
                .reads("d-1", "on");
        second = served.plugins.add("p-2").with("d-3", "", -1, "default/rack:b").reads("d-3", true);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void allPluginsAreReadAndSorted() throws InterruptedException {
        client.json("/v3/scan");
        JsonNode readings = client.json("/v3/read");

        assertThat(values(readings)).containsExactly("21.5", "on", "2", "true");
        assertThat(readings.get(0))
                .isEqualTo(quoted("{'device':'d-1','timestamp':'2020-01-01T00:00:00Z','type':'temperature',"
                        + "'device_type':'temperature','device_info':'a sensor',"
                        + "'unit':{'name':'celsius','symbol':'C'},'value':21.5,'context':{'rack':'7'}}"));
    }

    @Test
    void tagsAndAPluginChooseWhatIsRead() throws InterruptedException {
        assertThat(values(client.json("/v3/read?tags=rack:b"))).containsExactly("true");
        assertThat(values(client.json("/v3/read?tags=rack:a&tags=led"))).containsExactly("21.5", "on", "2");
        assertThat(values(client.json("/v3/read?tags=a:b&ns=other"))).isEmpty();
        assertThat(values(client.json("/v3/read?plugin=p-2"))).containsExactly("true");
    }

    @Test
    void valuesAreToldAsWhatTheyAre() throws InterruptedException {
        first.readings.clear();
        List<Object> values = List.of(
                "plain",
                "{\"a\":1}",
                new RawText("plain"),
                new RawText("{\"a\":[1,2]}"),
                new RawText("[1"),
                1.5f,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                7L,
                new BigInteger("18446744073709551615"));
        values.forEach(value -> first.reads("d-1", value));
        first.reads("d-1", null);
        first.readings.add(new Reading("d-1", "t", "x", "y", "i", Map.of(), new Unit("", ""), false));

        JsonNode readings = client.json("/v3/read/d-1");
        List<JsonNode> told = new ArrayList<>();
        readings.forEach(reading -> told.add(reading.path("value")));
        assertThat(told)
                .isEqualTo(List.copyOf(IntStream.range(0, 12)
                        .mapToObj(
                                parse(
                                                "[\"plain\",\"{\\\"a\\\":1}\",\"plain\",{\"a\":[1,2]},\"[1\",1.5,null,null,7,18446744073709551615,null,false]")
                                        ::get)
                        .toList()));
        assertThat(readings.get(11).path("unit").isNull()).isTrue();
    }

    @Test
    void oneBadPluginDoesNotSpoilWhatTheOthersSay() throws InterruptedException {
        first.fail(Kind.FAILED, "out of order");
        HttpResponse<String> response = client.get("/v3/read");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(values(parse(response.body()))).containsExactly("true");
        assertThat(response.headers().firstValue(MISSING)).contains("p-1");
        assertThat(client.get("/v3/read?plugin=p-1").statusCode()).isEqualTo(500);
        first.recover();
        assertThat(client.get("/v3/read").headers().firstValue(MISSING)).isEmpty();
    }

    @Test
    void scenario26anInactivePluginIsNotReadAgain() throws InterruptedException {
        client.json("/v3/scan");
        first.fail(Kind.UNREACHABLE, "deadline exceeded");
        client.get("/v3/read");
        int calls = first.calls.size();

        HttpResponse<String> response = client.get("/v3/read");

        assertThat(first.calls).hasSize(calls);
        assertThat(values(parse(response.body()))).containsExactly("true");
        assertThat(response.headers().firstValue(MISSING)).contains("p-1");
    }

    @Test
    void allPluginsAreReadAtTheSameTime() throws InterruptedException {
        client.json("/v3/scan");
        first.holding = true;
        second.holding = true;
        CompletableFuture<HttpResponse<String>> read = client.later("/v3/read");
        Await.until("both are asked", () -> first.held.size() == 1 && second.held.size() == 1);
        assertThat(client.get("/test").statusCode()).isEqualTo(200);
        second.release();
        first.release();

        assertThat(values(parse(read.join().body()))).containsExactly("21.5", "on", "2", "true");
    }

    @Test
    void aDeviceIsReadByIdOrAlias() throws InterruptedException {
        assertThat(values(client.json("/v3/read/lamp"))).containsExactly("2");
        assertThat(values(client.json("/v3/device/d-3"))).containsExactly("true");
        HttpResponse<String> unknown = client.get("/v3/read/nope");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(parse(unknown.body()).path("context").asText()).isEqualTo("plugin not found for device nope");
    }

    @Test
    void whatAPluginSaysOfADeviceDecidesOnTheStatus() throws InterruptedException {
        client.json("/v3/scan");
        first.fail(Kind.NOT_FOUND, "no such device");
        assertThat(client.get("/v3/read/d-1").statusCode()).isEqualTo(404);
        first.fail(Kind.INVALID, "no such tag");
        assertThat(client.get("/v3/read/d-1").statusCode()).isEqualTo(400);
        first.fail(Kind.FAILED, "broken");
        HttpResponse<String> failed = client.get("/v3/read/d-1");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(parse(failed.body()).path("description").asText()).isEqualTo("error processing the request");
    }

    @Test
    void aDeviceThatIsOnlyWrittenCannotBeRead() throws InterruptedException {
        first.devices.add(first.device("d-w", "", 0, "w"));

        HttpResponse<String> response = client.get("/v3/read/d-w");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(parse(response.body()).path("description").asText()).isEqualTo("device action not supported");
    }

    @Test
    void answersAreOnOneLineIfTheyAreNotToBePretty() throws InterruptedException, IOException {
        try (Served compact = new Served(false)) {
            compact.plugins.add("p-1").with("d-1", "", 0).reads("d-1", 1);
            assertThat(compact.client.get("/v3/read").body())
                    .isEqualTo("[{\"device\":\"d-1\",\"timestamp\":\"2020-01-01T00:00:00Z\",\"type\":\"temperature\","
                            + "\"device_type\":\"temperature\",\"device_info\":\"a sensor\","
                            + "\"unit\":{\"name\":\"celsius\",\"symbol\":\"C\"},\"value\":1,"
                            + "\"context\":{\"rack\":\"7\"}}]");
            assertThat(compact.client.get("/metrics").statusCode()).isEqualTo(404);
        }
    }

    private static List<String> values(JsonNode readings) {
        List<String> values = new ArrayList<>();
        readings.forEach(reading -> values.add(reading.path("value").asText()));
        return values;
    }
}
