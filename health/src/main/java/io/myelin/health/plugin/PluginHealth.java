package io.myelin.health.plugin;

import java.util.List;

/**
 * What a plugin says of its own health.
 *
 * @param timestamp RFC 3339, as the plugin wrote it
 * @param checks what it looked at
 */
public record PluginHealth(String timestamp, Status status, List<Check> checks) {
    /** In the words of the wire. */
    public enum Status {
        UNKNOWN,
        OK,
        FAILING
    }

    /** One thing that the plugin looked at. */
    public record Check(String name, Status status, String message, String timestamp, String type) {}

    public PluginHealth {
        checks = List.copyOf(checks);
    }
}
