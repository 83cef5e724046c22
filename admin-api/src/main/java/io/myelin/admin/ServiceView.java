package io.myelin.admin;

import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One service in the list of services, as JSON. What only a service with a pool has is {@code null} for one without.
 *
 * @param protocol what its own listener speaks, {@code null} if it has none
 * @param problems what is wrong with its configuration
 * @param listeners the listeners of its name
 */
record ServiceView(
        String name,
        String state,
        List<String> problems,
        @Nullable String protocol,
        List<ListenerView> listeners,
        @Nullable SnapshotView snapshot,
        @Nullable SourceView source,
        @Nullable MemberCounts memberCounts,
        @Nullable Long inFlight,
        Map<String, Long> counters) {
    private static final EnumSet<PoolCounter> COUNTERS = EnumSet.complementOf(EnumSet.of(PoolCounter.IN_FLIGHT));

    static ServiceView broken(String name, List<String> problems, List<ListenerView> listeners) {
        return new ServiceView(
                name,
                Json.name(ServiceState.BROKEN),
                problems,
                protocol(listeners),
                listeners,
                null,
                null,
                null,
                null,
                Map.of());
    }

    static ServiceView of(PoolReading reading, List<String> problems, List<ListenerView> listeners, Times times) {
        Pool pool = reading.pool();
        return new ServiceView(
                pool.name(),
                Json.name(ServiceState.of(reading, listeners, problems)),
                problems,
                protocol(listeners),
                listeners,
                SnapshotView.of(reading.snapshot(), times),
                reading.source() == null ? null : SourceView.of(reading.source(), times),
                MemberCounts.of(reading),
                pool.total(PoolCounter.IN_FLIGHT),
                Json.numbers(COUNTERS, pool::total));
    }

    private static @Nullable String protocol(List<ListenerView> listeners) {
        return listeners.isEmpty() ? null : listeners.get(0).protocol();
    }
}
