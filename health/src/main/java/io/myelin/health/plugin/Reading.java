package io.myelin.health.plugin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device showed at one moment.
 *
 * @param timestamp RFC 3339, as the plugin wrote it
 * @param description the device's, its {@code deviceInfo} on the wire
 * @param unit {@code null} if the plugin named none
 * @param value a {@link String}, {@link RawText}, {@link Boolean} or {@link Number}; {@code null} for none. Numbers
 *     without a sign come as a {@link Long} or, beyond its range, a {@link java.math.BigInteger}
 */
public record Reading(
        String device,
        String timestamp,
        String type,
        String deviceType,
        String description,
        Map<String, String> context,
        @Nullable Unit unit,
        @Nullable Object value) {
    public Reading {
        context = Map.copyOf(context);
    }
}
