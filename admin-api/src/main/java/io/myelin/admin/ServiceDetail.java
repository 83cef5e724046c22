package io.myelin.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.myelin.failure.Failure;
import io.myelin.pool.Pool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one service, as JSON.
 *
 * @param summary what the list of services says; its fields stand beside the others
 * @param failures how many exchanges failed, by reason
 * @param history the latest snapshots, oldest first
 */
record ServiceDetail(
        @JsonUnwrapped ServiceView summary,
        List<MemberView> members,
        Map<String, Long> failures,
        @Nullable LatencyView latency,
        @Nullable LatencyView selfTime,
        List<ChangeView> history) {
    static ServiceDetail broken(ServiceView summary) {
        return new ServiceDetail(summary, List.of(), Map.of(), null, null, List.of());
    }

    static ServiceDetail of(ServiceView summary, PoolReading reading, Times times) {
        Pool pool = reading.pool();
        return new ServiceDetail(
                summary,
                reading.standings().entrySet().stream()
                        .map(entry -> MemberView.of(entry.getKey(), entry.getValue(), times))
                        .toList(),
                failures(pool),
                LatencyView.of(pool.latency()),
                LatencyView.of(pool.selfTime()),
                pool.history().stream().map(ChangeView::of).toList());
    }

    private static Map<String, Long> failures(Pool pool) {
        Map<String, Long> failures = new LinkedHashMap<>();
        for (Failure failure : Failure.values()) {
            failures.put(failure.label(), pool.total(failure));
        }
        return failures;
    }
}
