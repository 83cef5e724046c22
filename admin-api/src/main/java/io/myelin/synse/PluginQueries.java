package io.myelin.synse;

import io.myelin.health.plugin.PluginCalls;
import io.myelin.health.plugin.PluginHealth;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.model.Clock;
import io.myelin.synse.PluginShapes.Detail;
import io.myelin.synse.PluginShapes.Health;
import io.myelin.synse.PluginShapes.HealthSummary;
import io.myelin.synse.PluginShapes.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is asked of plugins as such. Any thread; nothing waits. */
final class PluginQueries {
    private final Plugins plugins;
    private final DeviceCache devices;
    private final Clock clock;

    /** What one plugin says of its health. */
    private record Said(String id, Optional<PluginHealth> health) {}

    PluginQueries(Plugins plugins, DeviceCache devices, Clock clock) {
        this.plugins = plugins;
        this.devices = devices;
        this.clock = clock;
    }

    /** Returns every plugin; looks for them first if that is asked for, or none is known. */
    CompletionStage<List<Summary>> all(boolean refresh) {
        return looked(refresh).thenApply(done -> {
            if (refresh) {
                devices.askAgain();
            }
            return plugins.list().stream().map(Summary::of).toList();
        });
    }

    /**
     * Returns all that is known of the plugin, with the health that it tells now.
     *
     * @param strict whether it is an error that it does not tell, as in Synse Server
     */
    CompletionStage<Detail> one(String id, boolean strict) {
        return looked(false).thenCompose(done -> {
            PluginCalls calls = plugins.of(id).orElseThrow(() -> unknown(id));
            return calls.health().handle((health, failure) -> {
                if (failure != null && strict) {
                    throw failed(id, failure);
                }
                PluginView plugin = plugins.find(id).orElseThrow(() -> unknown(id));
                return Detail.of(plugin, failure == null ? Health.of(health) : Health.unknown(clock));
            });
        });
    }

    /** Returns the health of all plugins, who are asked at the same time. */
    CompletionStage<HealthSummary> health() {
        return looked(false).thenCompose(done -> {
            List<CompletableFuture<Said>> asked = new ArrayList<>();
            for (PluginView plugin : plugins.list()) {
                if (!plugin.disabled()) {
                    plugins.of(plugin.id()).ifPresent(calls -> asked.add(ask(plugin.id(), calls)));
                }
            }
            return Together.all(asked).thenApply(this::summary);
        });
    }

    private static CompletableFuture<Said> ask(String id, PluginCalls calls) {
        return calls.health()
                .handle((health, failure) -> new Said(id, failure == null ? Optional.of(health) : Optional.empty()))
                .toCompletableFuture();
    }

    private HealthSummary summary(List<Said> said) {
        List<String> healthy = new ArrayList<>();
        List<String> unhealthy = new ArrayList<>();
        for (Said each : said) {
            each.health()
                    .ifPresent(
                            health -> (health.status() == PluginHealth.Status.OK ? healthy : unhealthy).add(each.id()));
        }
        List<PluginView> now = plugins.list();
        long active = now.stream().filter(PluginView::active).count();
        boolean all = now.stream().map(PluginView::id).allMatch(healthy::contains);
        return new HealthSummary(
                all ? "healthy" : "unhealthy", Moments.now(clock), healthy, unhealthy, active, now.size() - active);
    }

    private CompletionStage<?> looked(boolean wanted) {
        return wanted || plugins.list().isEmpty() ? plugins.refresh() : CompletableFuture.completedFuture(null);
    }

    private static ApiException unknown(String id) {
        return ApiException.notFound("plugin not found: " + id);
    }

    private static ApiException failed(String id, Throwable failure) {
        return ApiException.failed("health of plugin " + id + ": " + Together.reason(failure));
    }
}
