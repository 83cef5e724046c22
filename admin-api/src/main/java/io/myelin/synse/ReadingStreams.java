package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCalls;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.health.plugin.Reading;
import io.myelin.health.plugin.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Readings that come one after the other. Opened on the event loop that takes them. */
final class ReadingStreams {
    /** So many readings are sent in one message at most; more are to be had line by line. */
    static final int MOST_COLLECTED = 10_000;

    private final Plugins plugins;
    private final DeviceCache devices;

    /**
     * What a client wants to be told of as it changes.
     *
     * @param devices the only ones, together with those in {@code groups}; without either, all
     */
    record Wish(List<Device> devices, TagGroups groups) {
        private boolean all() {
            return devices.isEmpty() && groups.groups().isEmpty();
        }

        /** Returns what one plugin is asked for, {@code null} for nothing. */
        @Nullable
        List<Selector> of(String plugin) {
            List<Selector> selectors = new ArrayList<>();
            devices.stream()
                    .filter(device -> device.plugin().equals(plugin))
                    .forEach(device -> selectors.add(Selector.device(device.id())));
            groups.groups().forEach(group -> selectors.add(Selector.tagged(group)));
            return all() || !selectors.isEmpty() ? selectors : null;
        }
    }

    ReadingStreams(Plugins plugins, DeviceCache devices) {
        this.plugins = plugins;
        this.devices = devices;
    }

    /**
     * Asks all active plugins for what they remember.
     *
     * @return ids of the plugins that are not asked, because they are not active
     */
    List<String> openCaches(Merged merged, Bounds bounds) {
        List<String> missing = new ArrayList<>();
        for (PluginView plugin : plugins.list()) {
            Optional<PluginCalls> calls = plugin.active() ? plugins.of(plugin.id()) : Optional.empty();
            if (calls.isPresent()) {
                merged.open(plugin.id(), receiver -> calls.get().readCache(bounds.start(), bounds.end(), receiver));
            } else if (!plugin.disabled()) {
                missing.add(plugin.id());
            }
        }
        return missing;
    }

    /** Returns what all active plugins remember, if that is not too much. */
    CompletionStage<Outcome> caches(Bounds bounds, Executor loop) {
        Collected collected = new Collected(loop);
        collected.missing.addAll(openCaches(collected.merged, bounds));
        collected.endIfOver();
        return collected.whole;
    }

    /** Readings that are kept until all of them are there. */
    private static final class Collected implements Merged.Taker {
        private final Merged merged;
        private final List<ReadingShape> readings = new ArrayList<>();
        private final List<String> missing = new ArrayList<>();
        private final CompletableFuture<Outcome> whole = new CompletableFuture<>();

        Collected(Executor loop) {
            merged = new Merged(loop, this);
        }

        @Override
        public boolean take(Reading reading) {
            readings.add(ReadingShape.of(reading));
            if (readings.size() > MOST_COLLECTED) {
                merged.cancel();
                whole.completeExceptionally(ApiException.failed("more than " + MOST_COLLECTED
                        + " readings (expected: fewer between start and end, or GET " + ReadCacheHandler.PATH + ")"));
            }
            return true;
        }

        @Override
        public void ended(String plugin, @Nullable PluginCallException reason) {
            if (reason != null) {
                missing.add(plugin);
            }
            endIfOver();
        }

        private void endIfOver() {
            if (merged.over()) {
                whole.complete(Outcome.of(readings, missing));
            }
        }
    }

    /**
     * Makes a wish of the names that a client gave.
     *
     * @param names ids or aliases of devices
     */
    CompletionStage<Wish> wish(List<String> names, TagGroups groups) {
        return devices.current().thenApply(known -> {
            List<Device> wanted = new ArrayList<>();
            for (String name : names) {
                Device device = known.named(name);
                if (device == null) {
                    throw ApiException.notFound("device not found: " + name);
                }
                wanted.add(device);
            }
            return new Wish(wanted, groups);
        });
    }

    /** Returns the plugins, and how often each became active. */
    List<PluginView> active() {
        return plugins.list().stream().filter(PluginView::active).toList();
    }

    /** Begins to be told by one plugin of what is wished for, if it has any of it. */
    void open(Merged merged, Wish wish, String plugin) {
        List<Selector> selectors = wish.of(plugin);
        PluginCalls calls = plugins.of(plugin).orElse(null);
        if (selectors != null && calls != null) {
            merged.open(plugin, receiver -> calls.readStream(selectors, receiver));
        }
    }
}
