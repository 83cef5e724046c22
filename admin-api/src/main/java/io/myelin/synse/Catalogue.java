package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The devices of all plugins, as these said when they were last asked. Immutable.
 *
 * <p>Those of a plugin that could not be asked are not listed, but still known by their names, so that whoever asks for
 * one learns what is wrong with its plugin.
 */
final class Catalogue {
    /** Devices as they are listed unless a client wants otherwise. */
    static final Comparator<Device> ORDER = Comparator.comparing(Device::plugin)
            .thenComparing(Device::sortIndex)
            .thenComparing(Device::id);

    static final Catalogue EMPTY = new Catalogue(List.of(), Map.of());

    private final List<Device> listed;
    private final Map<String, Device> named;
    private final Map<String, Part> parts;

    /**
     * What one plugin has to do with it.
     *
     * @param connects how often the plugin had become active when it was asked
     * @param answered whether it answered
     */
    record Part(String plugin, long connects, boolean answered, List<Device> devices) {
        Part {
            devices = List.copyOf(devices);
        }
    }

    private Catalogue(List<Device> listed, Map<String, Part> parts) {
        this.listed = listed;
        this.parts = parts;
        this.named = names(parts.values());
    }

    /** Makes a catalogue of what the plugins said; those who said nothing have what they had {@code before}. */
    static Catalogue of(List<Part> said, Catalogue before) {
        Map<String, Part> parts = new LinkedHashMap<>();
        List<Device> listed = new ArrayList<>();
        for (Part part : said) {
            if (part.answered()) {
                listed.addAll(part.devices());
                parts.put(part.plugin(), part);
            } else {
                Part old = before.parts.get(part.plugin());
                List<Device> devices = old == null ? List.of() : old.devices();
                parts.put(part.plugin(), new Part(part.plugin(), part.connects(), false, devices));
            }
        }
        listed.sort(ORDER);
        return new Catalogue(List.copyOf(listed), parts);
    }

    /**
     * An id names its device whatever aliases there are; of several devices with one name, that of the first plugin.
     */
    private static Map<String, Device> names(Collection<Part> parts) {
        Map<String, Device> named = new LinkedHashMap<>();
        parts.forEach(part -> part.devices().forEach(device -> named.putIfAbsent(device.id(), device)));
        parts.forEach(part -> part.devices().forEach(device -> named.putIfAbsent(device.alias(), device)));
        named.remove("");
        return named;
    }

    /** Returns whether every active plugin was asked since it became active. */
    boolean covers(List<PluginView> plugins) {
        return plugins.stream().allMatch(plugin -> !plugin.active() || part(plugin) != null);
    }

    /** Returns what an active plugin said since it became active, {@code null} if it was not asked since, or is not. */
    @Nullable
    Part part(PluginView plugin) {
        Part part = parts.get(plugin.id());
        return plugin.active() && part != null && part.connects() == plugin.connects() ? part : null;
    }

    /** Returns whether the plugin answered when it was last asked, or was never asked. */
    boolean answered(String plugin) {
        Part part = parts.get(plugin);
        return part == null || part.answered();
    }

    /** Returns the devices of all plugins that answered, in {@link #ORDER}. */
    List<Device> listed() {
        return listed;
    }

    /** Returns the device with that id or alias, {@code null} if there is none. */
    @Nullable
    Device named(String name) {
        return named.get(name);
    }

    /** Returns how a plugin wants the device sorted, 0 if it is not known. */
    int sortIndexOf(String device) {
        Device known = named.get(device);
        return known == null ? 0 : known.sortIndex();
    }
}
