package io.myelin.synse;

import io.myelin.health.plugin.CallCount;
import io.myelin.health.plugin.PluginCalls;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Plugins that say what a test wants. */
final class ScriptedPlugins implements Plugins {
    final List<CallCount> calls = new CopyOnWriteArrayList<>();
    /** How many looks were begun. */
    final AtomicInteger looks = new AtomicInteger();

    /** What the next look takes, complete for no time. */
    volatile CompletableFuture<?> look = CompletableFuture.completedFuture("");

    private final Map<String, ScriptedPlugin> plugins = new ConcurrentSkipListMap<>();

    ScriptedPlugin add(String id) {
        ScriptedPlugin plugin = new ScriptedPlugin(id);
        plugins.put(id, plugin);
        return plugin;
    }

    @Override
    public List<PluginView> list() {
        return plugins.values().stream().map(ScriptedPlugin::view).toList();
    }

    @Override
    public Optional<PluginView> find(String id) {
        return Optional.ofNullable(plugins.get(id)).map(ScriptedPlugin::view);
    }

    @Override
    public CompletionStage<?> refresh() {
        looks.incrementAndGet();
        return look;
    }

    @Override
    public List<SourceStatus> sources() {
        return List.of();
    }

    @Override
    public List<CallCount> calls() {
        return calls;
    }

    @Override
    public Optional<PluginCalls> of(String id) {
        return Optional.ofNullable(plugins.get(id));
    }
}
