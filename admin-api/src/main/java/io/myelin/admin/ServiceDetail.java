package io.myelin.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.myelin.pool.Pool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one service, as JSON.
 *
 * @param summary what the list of services says; its fields stand beside the others
 * @param passedOver the endpoints that label filters and the like keep from being members
 * @param queue those who wait for a member with room, {@code null} if every member takes whatever comes
 * @param failures how many exchanges failed, by reason
 * @param checks {@code null} if members are not checked
 * @param history the latest snapshots, oldest first
 */
record ServiceDetail(
        @JsonUnwrapped ServiceView summary,
        List<MemberView> members,
        List<PassedOverView> passedOver,
        @Nullable QueueView queue,
        Map<String, Long> failures,
        @Nullable LatencyView latency,
        @Nullable LatencyView selfTime,
        @Nullable CheckCounts checks,
        List<ChangeView> history) {
    static ServiceDetail broken(ServiceView summary) {
        return new ServiceDetail(summary, List.of(), List.of(), null, Map.of(), null, null, null, List.of());
    }

    static ServiceDetail of(PoolReading reading, ProcessReading process, @Nullable CheckCounts checks) {
        Pool pool = reading.pool();
        return new ServiceDetail(
                ServiceView.of(reading, process),
                reading.standings().entrySet().stream()
                        .map(entry -> MemberView.of(entry.getKey(), entry.getValue(), reading, process.times()))
                        .toList(),
                reading.snapshot().passedOver().stream().map(PassedOverView::of).toList(),
                QueueView.of(reading.snapshot().line()),
                FailureCounts.of(pool::total),
                LatencyView.of(pool.latency()),
                LatencyView.of(pool.selfTime()),
                checks,
                pool.history().stream().map(ChangeView::of).toList());
    }
}
