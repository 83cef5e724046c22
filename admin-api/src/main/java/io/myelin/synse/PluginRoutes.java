package io.myelin.synse;

/** The plugins over HTTP. */
final class PluginRoutes {
    private static final String ID = "plugin_id";

    private final PluginQueries plugins;

    PluginRoutes(PluginQueries plugins) {
        this.plugins = plugins;
    }

    void addTo(Routes routes) {
        routes.get("/v3/plugin", call -> plugins.all(call.flag("refresh")).thenApply(Outcome::of))
                .get("/v3/plugin/health", call -> plugins.health().thenApply(Outcome::of))
                .get(
                        "/v3/plugin/<plugin_id>",
                        call -> plugins.one(call.variable(ID), call.flag("strict"))
                                .thenApply(Outcome::of));
    }
}
