package io.myelin.admin;

import io.myelin.admin.PluginsView.Plugin;
import io.myelin.admin.PluginsView.Unregistered;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of Synse, as JSON.
 *
 * @param api the address of Synse's HTTP API, {@code null} if there is none of all this
 * @param error why the latest configuration is not in force
 */
record PluginsStatus(
        @Nullable String api,
        @Nullable String passThrough,
        List<Plugin> plugins,
        List<Unregistered> unregistered,
        List<SourceView> sources,
        @Nullable String error) {
    private static final PluginsStatus NONE = new PluginsStatus(null, null, List.of(), List.of(), List.of(), null);

    static PluginsStatus of(@Nullable PluginsView view, Times times) {
        return view == null
                ? NONE
                : new PluginsStatus(
                        view.api(),
                        view.passThrough(),
                        view.plugins(),
                        view.unregistered(),
                        view.sources().stream()
                                .map(source -> SourceView.of(source, times))
                                .toList(),
                        view.error());
    }
}
