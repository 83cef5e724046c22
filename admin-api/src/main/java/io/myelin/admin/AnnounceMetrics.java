package io.myelin.admin;

import io.prometheus.metrics.model.snapshots.Labels;

/** The metrics of what this host announces. */
final class AnnounceMetrics {
    private AnnounceMetrics() {}

    static void collect(AnnouncementView seen, MetricFamilies families) {
        Labels labels = Labels.of("service", seen.name(), "instance", seen.instance());
        families.gauge(
                "myelin_announce_announced",
                "1 while the registry names the instance.",
                seen.state().equals("announced") ? 1 : 0,
                labels);
        families.gauge(
                "myelin_announce_passing",
                "1 while the checks of the instance pass.",
                Boolean.TRUE.equals(seen.passing()) ? 1 : 0,
                labels);
        families.gauge(
                "myelin_announce_alarm",
                "1 while the registry has failed as often in a row as operators want to hear of.",
                seen.alarm() ? 1 : 0,
                labels);
        families.counter(
                "myelin_announce_transitions_total",
                "Changes between announced and withdrawn.",
                seen.counts().transitions(),
                labels);
        families.counter(
                "myelin_announce_throttled_total",
                "Changes that came sooner than the rate limit allows.",
                seen.counts().throttled(),
                labels);
        families.counter(
                "myelin_announce_report_failures_total",
                "Failed attempts at the registry.",
                seen.counts().reportFailures(),
                labels);
        families.counter(
                "myelin_announce_check_rounds_total",
                "Rounds of checks.",
                seen.counts().rounds(),
                labels);
    }
}
