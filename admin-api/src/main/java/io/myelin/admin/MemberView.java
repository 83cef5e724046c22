package io.myelin.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.model.Endpoint;
import io.myelin.model.HealthVerdict;
import io.myelin.pool.StickyMembers;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a pool, as JSON.
 *
 * @param number by which it is known in statistics, HAProxy's server id; 0 if it has none
 * @param weight the effective one
 * @param state whether it takes new work
 * @param leader the member that it follows instead of being checked, {@code null} if it follows nobody
 * @param tls how TLS is spoken with it, {@code null} in the clear
 * @param slots how much it may have to do at once, {@code null} if it never had a limit
 * @param probes what its liveness and readiness probes found last
 * @param restartHook what became of the calls of the hook that restarts it, {@code null} if there was none
 * @param cookie what the cookie of clients that stick to it calls it, {@code null} in a pool whose clients do not
 */
record MemberView(
        String id,
        String name,
        String address,
        int number,
        int weight,
        boolean backup,
        String state,
        String reason,
        VerdictView verdict,
        Map<String, String> labels,
        String options,
        @Nullable String cookie,
        @Nullable String leader,
        @Nullable HandshakesView tls,
        long inFlight,
        @Nullable SlotsView slots,
        Map<String, Long> counters,
        LatencyView latency,
        List<ProbedInstance.Probe> probes,
        ProbedInstance.@Nullable Hook restartHook) {
    private static final EnumSet<MemberCounter> COUNTERS = EnumSet.complementOf(EnumSet.of(MemberCounter.IN_FLIGHT));

    /** What health checking concluded, as JSON. */
    record VerdictView(
            String state,
            String reason,
            @Nullable String since,
            @Nullable Double sinceSeconds) {}

    static MemberView of(
            Member member, Standing standing, PoolReading reading, Map<String, ProbedInstance> probed, Times times) {
        ProbedInstance seen = probedAs(member, probed);
        Endpoint endpoint = member.endpoint();
        return new MemberView(
                member.id().value(),
                endpoint.name(),
                endpoint.address(),
                member.number(),
                member.weight(),
                endpoint.backup(),
                Json.name(standing.state()),
                standing.reason(),
                verdict(member.verdict(), times),
                new TreeMap<>(endpoint.labels()),
                endpoint.options(),
                cookie(member, reading.snapshot().sticky()),
                member.leader(),
                HandshakesView.of(member),
                member.total(MemberCounter.IN_FLIGHT),
                SlotsView.of(member.slots()),
                Json.numbers(COUNTERS, member::total),
                LatencyView.of(member.latency()),
                seen == null ? List.of() : seen.probes(),
                seen == null ? null : seen.restartHook());
    }

    /** A replica has the name of its member, which has an id of its own for every port. */
    private static @Nullable ProbedInstance probedAs(Member member, Map<String, ProbedInstance> probed) {
        ProbedInstance byId = probed.get(member.id().value());
        return byId == null ? probed.get(member.endpoint().name()) : byId;
    }

    private static @Nullable String cookie(Member member, @Nullable StickyMembers sticky) {
        byte[] value = sticky == null ? null : sticky.valueOf(member);
        return value == null ? null : new String(value, US_ASCII);
    }

    private static VerdictView verdict(HealthVerdict verdict, Times times) {
        return new VerdictView(
                Json.name(verdict.state()),
                verdict.reason(),
                Times.iso(verdict.sinceMillis()),
                times.ageSeconds(verdict.sinceMillis()));
    }
}
