package io.myelin.synse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What requests over a WebSocket are answered with one message. */
final class Events {
    private final Map<String, Event> events = new LinkedHashMap<>();

    /** Answers requests. Runs on the event loop and does not block. */
    @FunctionalInterface
    interface Asking {
        /**
         * Answers a request.
         *
         * @param loop the event loop that asks
         */
        CompletionStage<Outcome> answer(Arguments arguments, Executor loop);
    }

    /**
     * A kind of request.
     *
     * @param response the event of its answer
     */
    record Event(String response, Asking asking) {}

    Events(
            ProcessRoutes process,
            PluginQueries plugins,
            DeviceQueries devices,
            ReadingQueries readings,
            ReadingStreams streams,
            Writes writes) {
        add("status", "status", (given, loop) -> Outcome.now(process.status()));
        add("version", "version", (given, loop) -> Outcome.now(process.version()));
        add("config", "config", (given, loop) -> Outcome.now(process.config()));
        addPlugins(plugins);
        addDevices(devices);
        addReadings(readings, streams);
        addWrites(writes);
    }

    private void addPlugins(PluginQueries plugins) {
        add(
                "plugins",
                "plugin_summary",
                (given, loop) -> plugins.all(given.flag("refresh")).thenApply(Outcome::of));
        add(
                "plugin",
                "plugin_info",
                (given, loop) ->
                        plugins.one(given.text("plugin"), given.flag("strict")).thenApply(Outcome::of));
        add("plugin_health", "plugin_health", (given, loop) -> plugins.health().thenApply(Outcome::of));
    }

    private void addDevices(DeviceQueries devices) {
        add(
                "scan",
                "device_summary",
                (given, loop) -> devices.scan(
                                given.groups("tags", namespace(given)),
                                given.text("sort", DeviceQueries.DEFAULT_SORT),
                                given.flag("force"))
                        .thenApply(Outcome::of));
        add(
                "tags",
                "tags",
                (given, loop) ->
                        devices.tags(given.texts("ns"), given.flag("ids")).thenApply(Outcome::of));
        add(
                "info",
                "device_info",
                (given, loop) -> devices.one(given.text("device")).thenApply(Outcome::of));
    }

    private void addReadings(ReadingQueries readings, ReadingStreams streams) {
        add(
                "read",
                "reading",
                (given, loop) -> readings.read(given.groups("tags", namespace(given)), null)
                        .thenApply(sum -> Outcome.of(sum.readings(), sum.missing())));
        add(
                "read_device",
                "reading",
                (given, loop) -> readings.readDevice(given.text("device")).thenApply(Outcome::of));
        add(
                "read_cache",
                "reading",
                (given, loop) -> streams.caches(new Bounds(given.text("start", ""), given.text("end", "")), loop));
    }

    private void addWrites(Writes writes) {
        add(
                "write_async",
                "transaction_info",
                (given, loop) -> writes.order(given.text("device"), Writes.commands(given.any("payload")))
                        .thenApply(Outcome::of));
        add(
                "write_sync",
                "transaction_status",
                (given, loop) -> writes.write(given.text("device"), Writes.commands(given.any("payload")))
                        .thenApply(Outcome::of));
        add(
                "transaction",
                "transaction_status",
                (given, loop) -> writes.progress(given.text("transaction")).thenApply(Outcome::of));
        add("transactions", "transaction_list", (given, loop) -> Outcome.now(writes.all()));
    }

    private static String namespace(Arguments given) {
        return given.text("ns", TagGroups.DEFAULT_NAMESPACE);
    }

    private void add(String request, String response, Asking asking) {
        events.put("request/" + request, new Event("response/" + response, asking));
    }

    /** Returns what answers {@code request}, {@code null} if nothing does. */
    @Nullable
    Event find(String request) {
        return events.get(request);
    }

    /** Returns every kind of request, for people. */
    String names() {
        return String.join(" ", events.keySet());
    }
}
