package io.myelin.health.plugin;

import java.util.List;
import java.util.Map;

/**
 * Something that a plugin reads or writes.
 *
 * @param timestamp RFC 3339, as the plugin wrote it
 * @param plugin the id of its plugin
 * @param description its {@code info} on the wire
 * @param alias another name for it, empty for none
 * @param mode {@code r}, {@code w} or {@code rw}
 * @param actions that can be written
 * @param sortIndex smaller comes first among the devices of one plugin
 */
public record Device(
        String timestamp,
        String id,
        String type,
        String plugin,
        String description,
        String alias,
        Map<String, String> metadata,
        String mode,
        List<String> actions,
        List<Tag> tags,
        List<Output> outputs,
        int sortIndex) {
    /** One of the readings that a device gives. */
    public record Output(String name, String type, int precision, double scalingFactor, Unit unit) {}

    public Device {
        metadata = Map.copyOf(metadata);
        actions = List.copyOf(actions);
        tags = List.copyOf(tags);
        outputs = List.copyOf(outputs);
    }
}
