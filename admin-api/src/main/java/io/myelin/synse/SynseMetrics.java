package io.myelin.synse;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;
import static io.myelin.admin.Family.histogram;

import io.myelin.admin.Exposition;
import io.myelin.admin.Exposition.Table;
import io.myelin.admin.Family;
import io.myelin.admin.MetricText;
import io.myelin.health.plugin.CallCount;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.httpd.Body;
import java.util.List;
import java.util.Map;

/** The metrics of Synse Server under the names that its dashboards ask for. */
final class SynseMetrics {
    static final String PATH = "/metrics";

    private static final String SERVICE = "synse.V3Plugin";
    private static final String ERROR = "response/error";

    private static final List<Family<PluginView>> PLUGINS = List.of(
            gauge(
                    "synse_plugin_active_state",
                    "1 while the plugin is active.",
                    (plugin, text) -> text.label("plugin", plugin.id()).value(plugin.active() ? 1 : 0)),
            gauge(
                    "synse_plugin_disabled",
                    "1 while no source names the plugin.",
                    (plugin, text) -> text.label("plugin", plugin.id()).value(plugin.disabled() ? 1 : 0)),
            counter(
                    "synse_plugin_connect_count_total",
                    "How often the plugin became active.",
                    (plugin, text) -> text.label("plugin", plugin.id()).value(plugin.connects())),
            counter(
                    "synse_plugin_disconnect_count_total",
                    "How often the plugin stopped being active.",
                    (plugin, text) -> text.label("plugin", plugin.id()).value(plugin.disconnects())));

    private static final List<Family<CallCount>> CALLS = List.of(
            counter(
                    "synse_grpc_message_sent_total",
                    "Messages to plugins.",
                    (call, text) -> labels(call, text).value(call.sent())),
            counter(
                    "synse_grpc_message_received_total",
                    "Messages from plugins.",
                    (call, text) -> labels(call, text).value(call.received())),
            histogram("synse_grpc_request_latency_sec", "How long calls took.", SynseMetrics::latency));

    private static final List<Family<Map.Entry<HttpCounts.Kind, Tally>>> HTTP = List.of(
            counter(
                    "synse_http_request_count_total",
                    "Requests that were answered.",
                    (kind, text) ->
                            labels(kind.getKey(), text).value(kind.getValue().count())),
            histogram(
                    "synse_http_request_latency_sec",
                    "How long it took until there was an answer.",
                    (kind, text) -> kind.getValue().write(text, begun -> labels(kind.getKey(), begun))),
            counter(
                    "synse_http_response_bytes_total",
                    "Bytes of answers without their heads.",
                    (kind, text) ->
                            labels(kind.getKey(), text).value(kind.getValue().sentBytes())));

    private static final List<Family<Map.Entry<String, Tally>>> REQUESTS = List.of(
            counter(
                    "synse_websocket_request_count_total",
                    "Requests over WebSockets.",
                    (event, text) -> text.label("event", event.getKey())
                            .value(event.getValue().count())),
            histogram(
                    "synse_websocket_request_latency_sec",
                    "How long it took until there was an answer.",
                    (event, text) -> event.getValue().write(text, begun -> begun.label("event", event.getKey()))),
            counter(
                    "synse_websocket_request_bytes_total",
                    "Bytes of requests over WebSockets.",
                    (event, text) -> text.label("event", event.getKey())
                            .value(event.getValue().receivedBytes())));

    private static final List<Family<Map.Entry<String, Tally>>> RESPONSES = List.of(counter(
            "synse_websocket_response_bytes_total",
            "Bytes of responses over WebSockets.",
            (event, text) ->
                    text.label("event", event.getKey()).value(event.getValue().sentBytes())));

    private static final List<Family<SocketCounts>> SESSIONS = List.of(
            counter(
                    "synse_websocket_error_response_count_total",
                    "Requests over WebSockets that were answered with an error.",
                    (counts, text) -> text.label("event", ERROR).value(counts.errors())),
            gauge(
                    "synse_websocket_session_count",
                    "WebSockets that are open.",
                    (counts, text) -> text.value(counts.sessions())));

    private static final List<Family<DeviceCache>> DEVICES = List.of(gauge(
            "synse_registered_devices",
            "Devices that are listed.",
            (devices, text) -> text.value(devices.known().listed().size())));

    private final Plugins plugins;
    private final DeviceCache devices;
    private final HttpCounts http;
    private final SocketCounts sockets;

    SynseMetrics(Plugins plugins, DeviceCache devices, HttpCounts http, SocketCounts sockets) {
        this.plugins = plugins;
        this.devices = devices;
        this.http = http;
        this.sockets = sockets;
    }

    void addTo(Routes routes) {
        routes.get(PATH, call -> {
            MetricText text = MetricText.preferredBy(call.accept());
            return Outcome.textNow(text.contentType(), body(text));
        });
    }

    private Body body(MetricText text) {
        return new Exposition(
                text,
                List.of(
                        new Table<>(PLUGINS, plugins.list()),
                        new Table<>(CALLS, plugins.calls()),
                        new Table<>(DEVICES, List.of(devices)),
                        new Table<>(HTTP, List.copyOf(http.tallies().entrySet())),
                        new Table<>(REQUESTS, List.copyOf(sockets.requests().entrySet())),
                        new Table<>(RESPONSES, List.copyOf(sockets.responses().entrySet())),
                        new Table<>(SESSIONS, List.of(sockets))));
    }

    private static MetricText labels(HttpCounts.Kind kind, MetricText text) {
        return text.label("http_code", Integer.toString(kind.status()))
                .label("method", kind.method())
                .label("template", kind.template());
    }

    private static MetricText labels(CallCount call, MetricText text) {
        return text.label("method", call.method())
                .label("plugin", call.plugin())
                .label("service", SERVICE)
                .label("type", call.streaming() ? "server_streaming" : "unary");
    }

    private static void latency(CallCount call, MetricText text) {
        for (int bucket = 0; bucket < call.buckets().size(); bucket++) {
            labels(call, text.suffixed("_bucket"))
                    .label("le", Tally.bound(bucket))
                    .value(call.buckets().get(bucket));
        }
        labels(call, text.suffixed("_count"))
                .value(call.buckets().get(call.buckets().size() - 1));
        labels(call, text.suffixed("_sum")).value(call.seconds());
    }
}
