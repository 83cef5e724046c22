package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.Tag;
import io.myelin.synse.DeviceShapes.Detail;
import io.myelin.synse.DeviceShapes.Summary;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is asked of devices without asking the devices. Any thread; nothing waits. */
final class DeviceQueries {
    static final String DEFAULT_SORT = "plugin,sortIndex,id";

    private static final Map<String, Comparator<Device>> SORTS = sorts();
    private static final String SYSTEM = "system";
    private static final String ID = "id";

    private final DeviceCache devices;

    DeviceQueries(DeviceCache devices) {
        this.devices = devices;
    }

    private static Map<String, Comparator<Device>> sorts() {
        Map<String, Comparator<Device>> sorts = new LinkedHashMap<>();
        sorts.put("id", Comparator.comparing(Device::id));
        sorts.put("alias", Comparator.comparing(Device::alias));
        sorts.put("info", Comparator.comparing(Device::description));
        sorts.put("type", Comparator.comparing(Device::type));
        sorts.put("plugin", Comparator.comparing(Device::plugin));
        sorts.put("timestamp", Comparator.comparing(Device::timestamp));
        sorts.put("sortIndex", Comparator.comparing(Device::sortIndex));
        // As Synse's documentation spells it.
        sorts.put("sort_index", Comparator.comparing(Device::sortIndex));
        return sorts;
    }

    /**
     * Lists devices.
     *
     * @param sort names of fields, separated by commas
     * @param force whether plugins are asked although it is known
     */
    CompletionStage<List<Summary>> scan(TagGroups groups, String sort, boolean force) {
        Comparator<Device> order = sort.equals(DEFAULT_SORT) ? null : order(sort);
        return (force ? devices.rebuild() : devices.current()).thenApply(known -> list(known.listed(), groups, order));
    }

    private static List<Summary> list(List<Device> devices, TagGroups groups, @Nullable Comparator<Device> order) {
        var found = devices.stream().filter(groups::match);
        return (order == null ? found : found.sorted(order)).map(Summary::of).toList();
    }

    private static Comparator<Device> order(String sort) {
        Comparator<Device> order = Comparator.comparing(device -> 0);
        for (String key : sort.split(",", -1)) {
            Comparator<Device> next = SORTS.get(key.strip());
            if (next == null) {
                throw ApiException.invalid(
                        "sort: " + key.strip() + " (expected: " + String.join(", ", SORTS.keySet()) + ")");
            }
            order = order.thenComparing(next);
        }
        return order;
    }

    /**
     * Lists the tags that devices have.
     *
     * @param namespaces those of the tags, empty for all
     * @param ids whether those that every device has for itself are listed, too
     */
    CompletionStage<List<String>> tags(List<String> namespaces, boolean ids) {
        return devices.current()
                .thenApply(known -> known.listed().stream()
                        .flatMap(device -> device.tags().stream())
                        .filter(tag -> namespaces.isEmpty() || namespaces.contains(tag.namespace()))
                        .filter(tag -> ids || !isId(tag))
                        .map(Tag::toString)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static boolean isId(Tag tag) {
        return tag.namespace().equals(SYSTEM) && tag.annotation().equals(ID);
    }

    /** Returns all that is known of the device with that id or alias. */
    CompletionStage<Detail> one(String name) {
        return devices.current().thenApply(known -> {
            Device device = known.named(name);
            if (device == null) {
                throw ApiException.notFound("device not found: " + name);
            }
            return Detail.of(device);
        });
    }
}
