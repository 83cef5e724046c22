package io.myelin.health.plugin;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which plugins there are and how they are spoken to.
 *
 * @param configured addresses that are always looked at
 * @param refreshEvery from the beginning of one look at all plugins to the next; at least a millisecond
 * @param timeout of one call; at least a millisecond
 * @param tls how calls are encrypted, {@code null} for not at all
 */
public record PluginConfig(
        List<PluginAddress> configured,
        Duration refreshEvery,
        Duration timeout,
        @Nullable PluginTls tls) {
    /** As in Synse Server: {@code cache.plugin.refresh_every}. */
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(2);

    /** As in Synse Server: {@code grpc.timeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    public PluginConfig {
        configured = List.copyOf(configured);
    }
}
