package io.myelin.admin;

import io.myelin.httpd.Body;
import io.myelin.httpd.Chain;
import io.myelin.pool.Pool;
import io.myelin.tls.MemberTlsStatus;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything about one service, as JSON: its summary, its members one after the other, and the rest. */
final class ServiceDetail {
    private ServiceDetail() {}

    /**
     * What stands behind the members.
     *
     * @param memberTls the ways in which TLS is spoken with members; none in the clear
     * @param passedOver the endpoints that label filters and the like keep from being members
     * @param queue those who wait for a member with room, {@code null} if every member takes whatever comes
     * @param failures how many exchanges failed, by reason
     * @param checks {@code null} if members are not checked
     * @param history the latest snapshots, oldest first
     */
    private record Rest(
            List<MemberTlsView> memberTls,
            List<PassedOverView> passedOver,
            @Nullable QueueView queue,
            Map<String, Long> failures,
            @Nullable LatencyView latency,
            @Nullable LatencyView selfTime,
            @Nullable CheckCounts checks,
            List<ChangeView> history) {
        private static final Rest NONE = new Rest(List.of(), List.of(), null, Map.of(), null, null, null, List.of());
    }

    static Body broken(ServiceView summary) {
        return body(summary, List.<MemberView>of().iterator(), Rest.NONE);
    }

    static Body of(
            PoolReading reading,
            ProcessReading process,
            @Nullable CheckCounts checks,
            List<MemberTlsStatus> memberTls,
            Map<String, ProbedInstance> probed) {
        Pool pool = reading.pool();
        Rest rest = new Rest(
                MemberTlsView.of(reading.snapshot().encryption(), memberTls),
                reading.snapshot().passedOver().stream().map(PassedOverView::of).toList(),
                QueueView.of(reading.snapshot().line()),
                FailureCounts.of(pool::total),
                LatencyView.of(pool.latency()),
                LatencyView.of(pool.selfTime()),
                checks,
                pool.history().stream().map(ChangeView::of).toList());
        Iterator<MemberView> members = reading.standings().entrySet().stream()
                .map(entry -> MemberView.of(entry.getKey(), entry.getValue(), reading, probed, process.times()))
                .iterator();
        return body(ServiceView.of(reading, process), members, rest);
    }

    private static Body body(ServiceView summary, Iterator<MemberView> members, Rest rest) {
        JsonBody.Step begin = json -> {
            json.writeStartObject();
            Json.writeFields(json, summary);
            json.writeArrayFieldStart("members");
        };
        JsonBody.Step end = json -> {
            json.writeEndArray();
            Json.writeFields(json, rest);
            json.writeEndObject();
        };
        return new JsonBody(new Chain<>(List.of(
                        List.of(begin).iterator(),
                        Json.items(members),
                        List.of(end).iterator())
                .iterator()));
    }
}
