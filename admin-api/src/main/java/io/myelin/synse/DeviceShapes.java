package io.myelin.synse;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.Tag;
import io.myelin.health.plugin.Unit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Devices in the shapes of the API. */
final class DeviceShapes {
    private DeviceShapes() {}

    /** A device in the list of all. */
    record Summary(
            String id,
            String alias,
            String info,
            String type,
            String plugin,
            List<String> tags,
            Map<String, String> metadata) {
        static Summary of(Device device) {
            return new Summary(
                    device.id(),
                    device.alias(),
                    device.description(),
                    device.type(),
                    device.plugin(),
                    texts(device.tags()),
                    new TreeMap<>(device.metadata()));
        }
    }

    /** All that is known of a device. */
    record Detail(
            String timestamp,
            String id,
            String type,
            String plugin,
            String info,
            String alias,
            Map<String, String> metadata,
            Capabilities capabilities,
            List<String> tags,
            List<Output> outputs,
            int sortIndex) {
        static Detail of(Device device) {
            return new Detail(
                    device.timestamp(),
                    device.id(),
                    device.type(),
                    device.plugin(),
                    device.description(),
                    device.alias(),
                    new TreeMap<>(device.metadata()),
                    new Capabilities(device.mode(), new Write(device.actions())),
                    texts(device.tags()),
                    device.outputs().stream().map(Output::of).toList(),
                    device.sortIndex());
        }
    }

    /** Whether a device is read and written. */
    record Capabilities(String mode, Write write) {}

    /** What can be written. */
    record Write(List<String> actions) {}

    /** One of the readings that a device gives; spelled as on the wire. */
    record Output(
            String name,
            String type,
            int precision,
            @JsonProperty("scalingFactor") double scalingFactor,
            Unit unit) {
        static Output of(Device.Output output) {
            return new Output(output.name(), output.type(), output.precision(), output.scalingFactor(), output.unit());
        }
    }

    private static List<String> texts(List<Tag> tags) {
        return tags.stream().map(Tag::toString).toList();
    }
}
