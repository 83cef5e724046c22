package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import io.myelin.admin.PluginsView.Plugin;
import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The metrics of Synse's plugins under the program's own names; under Synse's, Synse's API has them. */
final class PluginMetrics {
    static final List<Family<Plugin>> FAMILIES = List.of(
            gauge(
                    "myelin_plugin_active",
                    "1 while the last call of the plugin came through.",
                    value(plugin -> plugin.active() ? 1 : 0)),
            gauge(
                    "myelin_plugin_disabled",
                    "1 while no source names the plugin.",
                    value(plugin -> plugin.disabled() ? 1 : 0)),
            counter("myelin_plugin_connects_total", "How often the plugin became active.", value(Plugin::connects)),
            counter(
                    "myelin_plugin_disconnects_total",
                    "How often the plugin stopped being active.",
                    value(Plugin::disconnects)));

    static final List<Family<SourceStatus>> SOURCES = List.of(gauge(
            "myelin_plugin_source_live",
            "1 while what names addresses of plugins can be believed.",
            (source, text) ->
                    text.label("source", source.source()).value(source.state() == SourceStatus.State.LIVE ? 1 : 0)));

    private PluginMetrics() {}

    static List<Plugin> plugins(@Nullable PluginsView view) {
        return view == null ? List.of() : view.plugins();
    }

    static List<SourceStatus> sources(@Nullable PluginsView view) {
        return view == null ? List.of() : view.sources();
    }

    private static BiConsumer<Plugin, MetricText> value(ToLongFunction<Plugin> number) {
        return (plugin, text) -> text.label("plugin", plugin.id()).value(number.applyAsLong(plugin));
    }
}
