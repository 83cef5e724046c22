package io.myelin.synse;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How the API behaves.
 *
 * @param prettyJson whether answers are indented, as in Synse Server unless it is told otherwise
 * @param metrics whether {@code /metrics} is answered
 * @param deviceRebuildEvery how long devices are remembered; at least a millisecond
 * @param transactionTtl how long it is remembered which plugin a write went to; at least a millisecond
 * @param effective gives what {@code /v3/config} shows, without secrets; asked on the event loop
 */
public record SynseSettings(
        boolean prettyJson,
        boolean metrics,
        Duration deviceRebuildEvery,
        Duration transactionTtl,
        Supplier<? extends Map<String, ?>> effective) {
    /** As in Synse Server: {@code cache.device.rebuild_every}. */
    public static final Duration DEFAULT_DEVICE_REBUILD = Duration.ofMinutes(3);

    /** As in Synse Server: {@code cache.transaction.ttl}. */
    public static final Duration DEFAULT_TRANSACTION_TTL = Duration.ofMinutes(5);
}
