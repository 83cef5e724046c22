package io.myelin.admin;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The liveness and readiness probes of one instance, whether or not this process runs it; their parts also as JSON.
 *
 * @param service whose instance it is
 * @param instance its id as a member, or its name as a replica
 * @param probes liveness first
 * @param restartHook {@code null} if liveness never failed, or there is no hook
 */
public record ProbedInstance(
        String service,
        String instance,
        List<Probe> probes,
        @Nullable Hook restartHook) {
    public ProbedInstance {
        probes = List.copyOf(probes);
    }

    /**
     * What one probe found.
     *
     * @param probe {@code liveness} or {@code readiness}
     * @param target what is asked
     * @param result of the last probe: {@code passed}, {@code failed}, or {@code none} before there was one
     * @param reason the last observation
     * @param latencyMillis how long the last probe took
     * @param at the end of the last probe, {@code null} before there was one
     * @param streak how many times in a row the last result came
     */
    public record Probe(
            String probe,
            String target,
            String result,
            String reason,
            long latencyMillis,
            @Nullable String at,
            int streak,
            long successes,
            long failures) {
        /** Returns whether there was a result. */
        boolean known() {
            return !result.equals("none");
        }

        boolean passed() {
            return result.equals("passed");
        }
    }

    /**
     * What became of the calls of the restart hook.
     *
     * @param result what the last call came to, empty while none is over
     * @param at the last call
     * @param notBefore when it may be called again
     */
    public record Hook(
            long calls,
            long failures,
            long skipped,
            String result,
            @Nullable String at,
            @Nullable String notBefore) {}

    /** Returns those whose probes tell of members of a pool, by the name of the instance. */
    static Map<String, ProbedInstance> ofPool(String pool, List<ProbedInstance> all) {
        return all.stream()
                .filter(probed -> pool.equals(probed.service()) || pool.startsWith(probed.service() + ":"))
                .collect(Collectors.toMap(ProbedInstance::instance, Function.identity(), (first, second) -> first));
    }
}
