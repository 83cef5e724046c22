package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static io.myelin.synse.Client.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.testing.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class DeviceRoutesTest {
    private final Served served;
    private final Client client;
    private final ScriptedPlugin first;
    private final ScriptedPlugin second;

    DeviceRoutesTest() throws IOException {
        served = new Served();
        client = served.client;
        first = served.plugins
                .add("p-1")
                .with("d-2", "lamp", 1, "default/rack:a", "vapor/led")
                .with("d-1", "", 1, "default/rack:a");
        second = served.plugins.add("p-2").with("d-3", "", -1, "default/rack:b", "led");
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void aScanListsTheDevicesOfAllPlugins() throws InterruptedException {
        JsonNode devices = client.json("/v3/scan");

        assertThat(ids(devices)).containsExactly("d-1", "d-2", "d-3");
        assertThat(devices.get(1))
                .isEqualTo(quoted("{'id':'d-2','alias':'lamp','info':'a sensor','type':'temperature','plugin':'p-1',"
                        + "'tags':['system/id:d-2','system/type:temperature','default/rack:a','vapor/led'],"
                        + "'metadata':{'model':'emul8'}}"));
        assertThat(client.json("/v3/device")).isEqualTo(devices);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tags=rack:a | d-1 d-2",
                "tags=rack:a,vapor/led | d-2",
                "tags=rack:a&tags=rack:b | d-1 d-2 d-3",
                "tags=led&ns=vapor | d-2",
                "tags=led | d-3",
                "tags=system/id:d-1 | d-1",
                "tags=nothing | ''",
                "sort=id | d-1 d-2 d-3",
                "sort=sortIndex,id | d-3 d-1 d-2",
                "sort=sort_index,alias,id | d-3 d-1 d-2",
                "sort=alias,id | d-1 d-3 d-2",
                "ns= | d-1 d-2 d-3"
            })
    void aScanFindsByTagsAndSorts(String query, String expected) throws InterruptedException {
        assertThat(String.join(" ", ids(client.json("/v3/scan?" + query)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v3/scan?ns=a&ns=b | parameter ns is given 2 times (expected: once)",
                "/v3/scan?sort=id&sort=id | parameter sort is given 2 times (expected: once)",
                "/v3/scan?sort=tags | sort: tags (expected: id, alias, info, type, plugin, timestamp, sortIndex,"
                        + " sort_index)",
                "/v3/read?ns=a&ns=b | parameter ns is given 2 times (expected: once)",
                "/v3/read?plugin=nope | plugin: nope (expected: the id of a plugin that is known)",
                "/v3/readcache?start=now | start: now (expected: RFC 3339, as in 2006-01-02T15:04:05Z)",
                "/v3/readcache?end=a&end=b | parameter end is given 2 times (expected: once)",
                "/v3/connect | expected: a request to upgrade to a WebSocket, version 13"
            })
    void wrongParametersAreNamed(String path, String context) throws InterruptedException {
        HttpResponse<String> response = client.get(path);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(parse(response.body()))
                .isEqualTo(quoted("{'http_code':400,'description':'invalid user input','timestamp':'" + Served.NOW
                        + "','context':'" + context + "'}"));
    }

    @Test
    void tagsAreSortedAndLeaveOutIds() throws InterruptedException {
        assertThat(client.json("/v3/tags"))
                .isEqualTo(quoted("['default/rack:a','default/rack:b','led','system/type:temperature','vapor/led']"));
        assertThat(client.json("/v3/tags?ns=vapor,other")).isEqualTo(quoted("['vapor/led']"));
        assertThat(client.json("/v3/tags?ns=system&ns=vapor&ids=true"))
                .isEqualTo(quoted("['system/id:d-1','system/id:d-2','system/id:d-3','system/type:temperature',"
                        + "'vapor/led']"));
    }

    @Test
    void aDeviceIsShownByIdOrAlias() throws InterruptedException {
        assertThat(client.json("/v3/info/lamp"))
                .isEqualTo(quoted("{'timestamp':'2020-01-01T00:00:00Z','id':'d-2','type':'temperature','plugin':'p-1',"
                        + "'info':'a sensor','alias':'lamp','metadata':{'model':'emul8'},"
                        + "'capabilities':{'mode':'rw','write':{'actions':['color']}},"
                        + "'tags':['system/id:d-2','system/type:temperature','default/rack:a','vapor/led'],"
                        + "'outputs':[{'name':'temperature','type':'temperature','precision':2,'scalingFactor':0.5,"
                        + "'unit':{'name':'celsius','symbol':'C'}}],'sort_index':1}"));
        assertThat(client.json("/v3/info/d-2")).isEqualTo(client.json("/v3/info/lamp"));
        HttpResponse<String> unknown = client.get("/v3/info/nope");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(parse(unknown.body()).path("context").asText()).isEqualTo("device not found: nope");
    }

    @Test
    void devicesAreRememberedUntilAClientForcesIt() throws InterruptedException {
        client.json("/v3/scan");
        first.with("d-9", "", 0);
        assertThat(client.json("/v3/scan")).hasSize(3);
        assertThat(client.json("/v3/scan?force=true")).hasSize(4);
        assertThat(client.json("/v3/scan")).hasSize(4);
    }

    @Test
    void manyWhoForceItShareOneRound() throws InterruptedException {
        client.json("/v3/scan");
        int before = first.calls.size();
        first.holding = true;
        List<CompletableFuture<HttpResponse<String>>> scans = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            scans.add(client.later("/v3/scan?force=true"));
        }
        Await.until("the plugin is asked", () -> !first.held.isEmpty());
        assertThat(client.json("/v3/scan"))
                .as("whoever does not force it does not wait")
                .hasSize(3);
        first.holding = false;
        Await.until("all are answered", () -> {
            first.release();
            return scans.stream().allMatch(CompletableFuture::isDone);
        });

        assertThat(scans)
                .allSatisfy(scan -> assertThat(parse(scan.join().body())).hasSize(3));
        assertThat(first.calls.size() - before).isLessThan(10);
    }

    @Test
    void aPluginThatComesBackIsAskedAgain() throws InterruptedException {
        client.json("/v3/scan");
        first.fail(Kind.UNREACHABLE, "connection refused");
        assertThat(ids(client.json("/v3/scan?force=true"))).containsExactly("d-3");
        HttpResponse<String> read = client.get("/v3/read/d-1");
        assertThat(read.statusCode())
                .as("a device of a plugin that is away is not unknown")
                .isEqualTo(500);
        assertThat(parse(read.body()).path("context").asText()).isEqualTo("connection refused");

        first.recover();
        first.with("d-9", "", 0);
        int others = second.calls.size();
        assertThat(ids(client.json("/v3/scan"))).containsExactly("d-9", "d-1", "d-2", "d-3");
        assertThat(second.calls).as("the others are left alone").hasSize(others);
    }

    @Test
    void theDevicesOfADisabledPluginAreGone() throws InterruptedException {
        client.json("/v3/scan");
        second.disabled = true;
        assertThat(ids(client.json("/v3/scan?force=true"))).containsExactly("d-1", "d-2");
        assertThat(client.get("/v3/read/d-3").statusCode()).isEqualTo(404);
    }

    @Test
    void manyDevicesAreSentWhileTestIsAnswered() throws InterruptedException {
        for (int i = 0; i < 20_000; i++) {
            second.with("many-" + i, "", i);
        }

        CompletableFuture<HttpResponse<String>> scan = client.later("/v3/scan?force=true");
        assertThat(client.get("/test").statusCode()).isEqualTo(200);
        assertThat(parse(scan.join().body())).hasSize(20_003);
    }

    private static List<String> ids(JsonNode devices) {
        List<String> ids = new ArrayList<>();
        devices.forEach(device -> ids.add(device.path("id").asText()));
        return ids;
    }
}
