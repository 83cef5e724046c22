package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** The metrics of what this host announces. */
final class AnnounceMetrics {
    private AnnounceMetrics() {}

    static final List<Family<AnnouncementView>> FAMILIES = List.of(
            gauge(
                    "myelin_announce_announced",
                    "1 while the registry names the instance.",
                    value(seen -> seen.state().equals("announced") ? 1 : 0)),
            gauge(
                    "myelin_announce_passing",
                    "1 while the checks of the instance pass.",
                    value(seen -> Boolean.TRUE.equals(seen.passing()) ? 1 : 0)),
            gauge(
                    "myelin_announce_alarm",
                    "1 while the registry has failed as often in a row as operators want to hear of.",
                    value(seen -> seen.alarm() ? 1 : 0)),
            counter(
                    "myelin_announce_transitions_total",
                    "Changes between announced and withdrawn.",
                    value(seen -> seen.counts().transitions())),
            counter(
                    "myelin_announce_throttled_total",
                    "Changes that came sooner than the rate limit allows.",
                    value(seen -> seen.counts().throttled())),
            counter(
                    "myelin_announce_report_failures_total",
                    "Failed attempts at the registry.",
                    value(seen -> seen.counts().reportFailures())),
            counter(
                    "myelin_announce_check_rounds_total",
                    "Rounds of checks.",
                    value(seen -> seen.counts().rounds())));

    private static BiConsumer<AnnouncementView, MetricText> value(ToLongFunction<AnnouncementView> number) {
        return (seen, text) -> text.label("instance", seen.instance())
                .label("service", seen.name())
                .value(number.applyAsLong(seen));
    }
}
