package io.myelin.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.myelin.model.SourceStatus;
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
 * @param orchestrated what is run of it here, whose fields stand beside the others; {@code null} for nothing
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
        Map<String, Long> counters,
        @JsonUnwrapped @Nullable OrchestratedView orchestrated) {
    private static final EnumSet<PoolCounter> COUNTERS = EnumSet.complementOf(EnumSet.of(PoolCounter.IN_FLIGHT));

    static ServiceView broken(String name, ProcessReading process) {
        List<ListenerView> listeners = process.listenersOf(name);
        return new ServiceView(
                name,
                Json.name(ServiceState.BROKEN),
                process.problemsOf(name),
                protocol(listeners),
                listeners,
                null,
                null,
                null,
                null,
                Map.of(),
                process.orchestrated().get(name));
    }

    /** Returns a service that is run here and has no pool, because nobody can connect to it. */
    static ServiceView unreached(String name, OrchestratedView orchestrated) {
        ServiceState state = orchestrated.ready() >= orchestrated.desired()
                ? ServiceState.UP
                : orchestrated.ready() == 0 ? ServiceState.DOWN : ServiceState.DEGRADED;
        return new ServiceView(
                name, Json.name(state), List.of(), null, List.of(), null, null, null, null, Map.of(), orchestrated);
    }

    static ServiceView of(PoolReading reading, ProcessReading process) {
        Pool pool = reading.pool();
        SourceStatus source = reading.source();
        List<String> problems = process.problemsOf(pool.name());
        List<ListenerView> listeners = process.listenersOf(pool.name());
        return new ServiceView(
                pool.name(),
                Json.name(ServiceState.of(reading, listeners, problems)),
                problems,
                protocol(listeners),
                listeners,
                SnapshotView.of(reading.snapshot(), process.times()),
                source == null ? null : SourceView.of(source, process.times()),
                MemberCounts.of(reading),
                pool.total(PoolCounter.IN_FLIGHT),
                Json.numbers(COUNTERS, pool::total),
                process.orchestrated().get(pool.name()));
    }

    private static @Nullable String protocol(List<ListenerView> listeners) {
        return listeners.isEmpty() ? null : listeners.get(0).protocol();
    }
}
