package io.myelin.launcher.process;

import io.myelin.admin.ProbedInstance;
import io.myelin.health.lifecycle.HookReport;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.LoopLifecycleMonitor.Probed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Puts what probes found into the words of the admin API. */
final class ProbedInstances {
    private ProbedInstances() {}

    static ProbedInstance of(Probed probed, @Nullable HookReport hook) {
        return new ProbedInstance(
                probed.subject().service(),
                probed.subject().name(),
                probed.reports().stream().map(ProbedInstances::probe).toList(),
                hook == null ? null : hook(hook));
    }

    private static ProbedInstance.Probe probe(ProbeReport report) {
        Boolean passed = report.passed();
        return new ProbedInstance.Probe(
                report.probe(),
                report.target(),
                passed == null ? "none" : passed ? "passed" : "failed",
                report.reason(),
                report.millis(),
                time(report.atMillis()),
                report.streak(),
                report.successes(),
                report.failures());
    }

    private static ProbedInstance.Hook hook(HookReport report) {
        return new ProbedInstance.Hook(
                report.calls(),
                report.failures(),
                report.skipped(),
                report.result(),
                time(report.atMillis()),
                time(report.nextMillis()));
    }

    private static @Nullable String time(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }
}
