package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** The metrics of the probes of one instance. */
final class ProbeMetrics {
    private static final double MILLIS_PER_SECOND = 1e3;

    private ProbeMetrics() {}

    static final List<Family<ProbedInstance>> FAMILIES = List.of(
            counter(
                    "myelin_probe_results_total",
                    "Liveness and readiness probes that are over, by result.",
                    ProbeMetrics::results),
            gauge("myelin_probe_passing", "1 if the last probe passed.", ProbeMetrics::passing),
            gauge("myelin_probe_latency_seconds", "How long the last probe took.", ProbeMetrics::latency),
            counter(
                    "myelin_probe_restart_hook_calls_total",
                    "Calls of the restart hook because liveness failed.",
                    hook(ProbedInstance.Hook::calls)),
            counter(
                    "myelin_probe_restart_hook_failures_total",
                    "Calls of the restart hook that failed.",
                    hook(ProbedInstance.Hook::failures)),
            counter(
                    "myelin_probe_restart_hook_skipped_total",
                    "Failures of liveness for which the restart hook was not called, because the last call was too recent.",
                    hook(ProbedInstance.Hook::skipped)));

    private static void results(ProbedInstance seen, MetricText text) {
        for (ProbedInstance.Probe probe : seen.probes()) {
            result(seen, probe, "passed", text).value(probe.successes());
            result(seen, probe, "failed", text).value(probe.failures());
        }
    }

    private static MetricText result(ProbedInstance seen, ProbedInstance.Probe probe, String result, MetricText text) {
        return text.label("instance", seen.instance())
                .label("probe", probe.probe())
                .label("result", result)
                .label("service", seen.service());
    }

    private static void passing(ProbedInstance seen, MetricText text) {
        seen.probes().stream()
                .filter(ProbedInstance.Probe::known)
                .forEach(probe -> labels(seen, probe, text).value(probe.passed() ? 1 : 0));
    }

    private static void latency(ProbedInstance seen, MetricText text) {
        seen.probes().stream()
                .filter(ProbedInstance.Probe::known)
                .forEach(probe -> labels(seen, probe, text).value(probe.latencyMillis() / MILLIS_PER_SECOND));
    }

    private static MetricText labels(ProbedInstance seen, ProbedInstance.Probe probe, MetricText text) {
        return text.label("instance", seen.instance())
                .label("probe", probe.probe())
                .label("service", seen.service());
    }

    private static BiConsumer<ProbedInstance, MetricText> hook(ToLongFunction<ProbedInstance.Hook> number) {
        return (seen, text) -> {
            ProbedInstance.Hook hook = seen.restartHook();
            if (hook != null) {
                text.label("instance", seen.instance())
                        .label("service", seen.service())
                        .value(number.applyAsLong(hook));
            }
        };
    }
}
