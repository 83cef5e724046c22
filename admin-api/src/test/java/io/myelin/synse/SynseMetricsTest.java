package io.myelin.synse;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.plugin.CallCount;
import io.myelin.health.plugin.PluginCallException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SynseMetricsTest {
    private final Served served;
    private final ScriptedPlugin plugin;

    SynseMetricsTest() throws IOException {
        served = new Served();
        plugin = served.plugins.add("p-1").with("d-1", "", 0).with("d-2", "", 0);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void scenario38statesAreGaugesAndChangesCounters() throws InterruptedException {
        assertThat(scrape())
                .contains("synse_plugin_active_state{plugin=\"p-1\"} 1.0\n")
                .contains("synse_plugin_connect_count_total{plugin=\"p-1\"} 1.0\n")
                .contains("synse_plugin_disconnect_count_total{plugin=\"p-1\"} 0.0\n");
        plugin.fail(Kind.UNREACHABLE, "reset");
        served.client.get("/v3/plugin/p-1");
        assertThat(scrape())
                .contains("synse_plugin_active_state{plugin=\"p-1\"} 0.0\n")
                .contains("synse_plugin_disconnect_count_total{plugin=\"p-1\"} 1.0\n");
        plugin.recover();
        assertThat(scrape())
                .contains("synse_plugin_active_state{plugin=\"p-1\"} 1.0\n")
                .contains("synse_plugin_connect_count_total{plugin=\"p-1\"} 2.0\n")
                .contains("synse_plugin_disabled{plugin=\"p-1\"} 0.0\n");
        plugin.disabled = true;
        assertThat(scrape())
                .contains("synse_plugin_active_state{plugin=\"p-1\"} 0.0\n")
                .contains("synse_plugin_disabled{plugin=\"p-1\"} 1.0\n");
    }

    @Test
    void requestsAreCountedByTemplateAndStatus() throws InterruptedException {
        served.client.get("/v3/plugin/p-1");
        served.client.get("/v3/plugin/p-2");
        served.client.get("/v3/plugin/p-3");
        served.client.get("/any/thing");
        served.client.get("/v3/scan");

        String metrics = scrape();
        assertThat(metrics)
                .contains("synse_http_request_count_total{http_code=\"200\",method=\"GET\","
                        + "template=\"/v3/plugin/<plugin_id>\"} 1.0\n")
                .contains("synse_http_request_count_total{http_code=\"404\",method=\"GET\","
                        + "template=\"/v3/plugin/<plugin_id>\"} 2.0\n")
                .contains("synse_http_request_count_total{http_code=\"404\",method=\"GET\",template=\"unknown\"} 1.0\n")
                .contains("synse_http_request_latency_sec_bucket{http_code=\"200\",method=\"GET\","
                        + "template=\"/v3/scan\",le=\"0.005\"} 1.0\n")
                .contains("synse_http_request_latency_sec_count{http_code=\"200\",method=\"GET\","
                        + "template=\"/v3/scan\"} 1.0\n")
                .contains("synse_registered_devices 2.0\n")
                .doesNotContain("template=\"/metrics\"");
        int length = served.client.get("/v3/scan").body().length();
        assertThat(scrape())
                .contains("synse_http_response_bytes_total{http_code=\"200\",method=\"GET\",template=\"/v3/scan\"} "
                        + (2 * length) + ".0\n");
    }

    @Test
    void callsAreCountedByMethodAndPlugin() throws InterruptedException {
        List<Long> buckets = new ArrayList<>(Collections.nCopies(CallCount.BOUNDS.size(), 2L));
        buckets.add(3L);
        served.plugins.calls.add(new CallCount("Read", "p-1", true, 3, 40, 12.5, buckets));

        assertThat(scrape())
                .contains("synse_grpc_message_sent_total{method=\"Read\",plugin=\"p-1\",service=\"synse.V3Plugin\","
                        + "type=\"server_streaming\"} 3.0\n")
                .contains("synse_grpc_message_received_total{method=\"Read\",plugin=\"p-1\","
                        + "service=\"synse.V3Plugin\",type=\"server_streaming\"} 40.0\n")
                .contains("synse_grpc_request_latency_sec_bucket{method=\"Read\",plugin=\"p-1\","
                        + "service=\"synse.V3Plugin\",type=\"server_streaming\",le=\"+Inf\"} 3.0\n")
                .contains("synse_grpc_request_latency_sec_sum{method=\"Read\",plugin=\"p-1\","
                        + "service=\"synse.V3Plugin\",type=\"server_streaming\"} 12.5\n");
    }

    private String scrape() throws InterruptedException {
        return served.client.get("/metrics").body();
    }
}
