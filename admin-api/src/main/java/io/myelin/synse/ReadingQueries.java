package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginCalls;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.health.plugin.Reading;
import io.myelin.health.plugin.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What devices show now. Any thread; nothing waits. */
final class ReadingQueries {
    private static final Logger log = LoggerFactory.getLogger(ReadingQueries.class);

    private final Plugins plugins;
    private final DeviceCache devices;

    /**
     * Readings of several plugins.
     *
     * @param missing ids of the plugins that could not be asked, or did not answer
     */
    record Sum(List<ReadingShape> readings, List<String> missing) {}

    /**
     * What one plugin answered.
     *
     * @param readings {@code null} if it did not
     */
    private record Said(String plugin, @Nullable List<ReadingShape> readings) {}

    ReadingQueries(Plugins plugins, DeviceCache devices) {
        this.plugins = plugins;
        this.devices = devices;
    }

    /**
     * Reads from all active plugins at the same time; one that fails does not spoil what the others say.
     *
     * @param plugin the only one that is asked, {@code null} for all; its failure is told
     */
    CompletionStage<Sum> read(TagGroups groups, @Nullable String plugin) {
        if (plugin != null && plugins.find(plugin).isEmpty()) {
            throw ApiException.invalid("plugin: " + plugin + " (expected: the id of a plugin that is known)");
        }
        List<CompletableFuture<Said>> asked = new ArrayList<>();
        for (PluginView view : plugins.list()) {
            if (!view.disabled() && (plugin == null || plugin.equals(view.id()))) {
                asked.add(ask(view, groups, plugin != null));
            }
        }
        return Together.all(asked).thenApply(ReadingQueries::sum);
    }

    private CompletableFuture<Said> ask(PluginView view, TagGroups groups, boolean failing) {
        String id = view.id();
        PluginCalls calls = plugins.of(id).orElse(null);
        if (calls == null || !view.active()) {
            return CompletableFuture.completedFuture(new Said(id, null));
        }
        List<CompletableFuture<List<Reading>>> parts = new ArrayList<>();
        if (groups.groups().isEmpty()) {
            parts.add(calls.read(Selector.ALL).toCompletableFuture());
        }
        groups.groups()
                .forEach(group -> parts.add(calls.read(Selector.tagged(group)).toCompletableFuture()));
        CompletionStage<Said> said = Together.all(parts).thenApply(read -> new Said(id, merged(read)));
        return (failing ? said : said.exceptionally(failure -> passedOver(id, failure))).toCompletableFuture();
    }

    private static Said passedOver(String plugin, Throwable failure) {
        log.debug("Readings missing: plugin={} error={}", plugin, Together.reason(failure));
        return new Said(plugin, null);
    }

    /** A device that is in several groups is read once. */
    private List<ReadingShape> merged(List<List<Reading>> parts) {
        Catalogue known = devices.known();
        Set<String> seen = new HashSet<>();
        List<Reading> merged = new ArrayList<>();
        for (List<Reading> part : parts) {
            part.stream().filter(reading -> !seen.contains(reading.device())).forEach(merged::add);
            part.forEach(reading -> seen.add(reading.device()));
        }
        merged.sort(Comparator.<Reading>comparingInt(reading -> known.sortIndexOf(reading.device()))
                .thenComparing(Reading::device));
        return merged.stream().map(ReadingShape::of).toList();
    }

    private static Sum sum(List<Said> said) {
        List<ReadingShape> readings = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Said each : said) {
            List<ReadingShape> own = each.readings();
            if (own == null) {
                missing.add(each.plugin());
            } else {
                readings.addAll(own);
            }
        }
        return new Sum(readings, missing);
    }

    /** Reads the device with that id or alias. */
    CompletionStage<List<ReadingShape>> readDevice(String name) {
        return devices.current().thenCompose(known -> {
            Device device = found(known, name);
            if (device.mode().equals("w")) {
                throw ApiException.unsupported("device " + name + " cannot be read");
            }
            return calls(device)
                    .read(Selector.device(device.id()))
                    .thenApply(read -> read.stream().map(ReadingShape::of).toList());
        });
    }

    private PluginCalls calls(Device device) {
        return plugins.of(device.plugin()).orElseThrow(() -> noPlugin(device.id()));
    }

    private static Device found(Catalogue known, String name) {
        Device device = known.named(name);
        if (device == null) {
            throw noPlugin(name);
        }
        return device;
    }

    private static ApiException noPlugin(String device) {
        return ApiException.notFound("plugin not found for device " + device);
    }
}
