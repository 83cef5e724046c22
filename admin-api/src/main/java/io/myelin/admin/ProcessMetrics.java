package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.failure.Failure;
import io.myelin.http.Violation;
import java.util.List;

/** The metrics of the process. */
final class ProcessMetrics {
    private ProcessMetrics() {}

    static final List<Family<ProcessView>> FAMILIES = List.of(
            gauge(
                    "myelin_build_info",
                    "What is running; always 1.",
                    (view, text) -> text.label("java", Runtime.version().toString())
                            .label("transport", view.transport())
                            .label("version", view.version())
                            .value(1)),
            gauge(
                    "myelin_draining",
                    "1 while the process takes no new work.",
                    (view, text) -> text.value(view.draining() ? 1 : 0)),
            gauge(
                    "myelin_broken_services",
                    "Services whose configuration cannot be served.",
                    (view, text) -> text.value(view.brokenServices().size())),
            gauge(
                    "myelin_config_version",
                    "Configurations that took effect.",
                    (view, text) -> text.value(view.config().version())),
            gauge(
                    "myelin_config_applied_timestamp_seconds",
                    "When the configuration took effect, in Unix time.",
                    (view, text) -> text.value(view.config().appliedMillis() / 1e3)),
            counter(
                    "myelin_config_rejected_total",
                    "Reloads that were refused.",
                    (view, text) -> text.value(view.config().rejected())),
            gauge(
                    "myelin_open_connections",
                    "Client connections open now.",
                    (view, text) -> text.value(view.connections().open())),
            gauge("myelin_max_connections", "Client connections there may be.", ProcessMetrics::writeMaxConnections),
            counter(
                    "myelin_unrouted_failures_total",
                    "Exchanges that failed before a pool was chosen, by reason.",
                    ProcessMetrics::writeUnrouted),
            counter(
                    "myelin_unrouted_redirects_total",
                    "Requests that a listener redirected before a pool was chosen.",
                    (view, text) -> text.value(view.unroutedRedirects())),
            counter(
                    "myelin_http_violations_total",
                    "Messages that broke a rule of HTTP, by rule.",
                    ProcessMetrics::writeViolations),
            counter(
                    "myelin_access_log_lines_total",
                    "Lines of access logs, by what became of them.",
                    ProcessMetrics::writeAccessLog));

    /** Returns the counters of the registries' clients, each by a name of its own. */
    static List<Family<ProcessView>> registries(ProcessView view) {
        return view.registryCounts().entrySet().stream()
                .map(entry -> Family.<ProcessView>counter(
                        "myelin_" + entry.getKey(),
                        "Counted by the registry's client since the start.",
                        (any, text) -> text.value(entry.getValue())))
                .toList();
    }

    private static void writeMaxConnections(ProcessView view, MetricText text) {
        int limit = view.connections().limit();
        if (limit > 0) {
            text.value(limit);
        }
    }

    private static void writeUnrouted(ProcessView view, MetricText text) {
        for (Failure failure : Failure.values()) {
            text.label("reason", failure.label()).value(view.unrouted(failure));
        }
    }

    private static void writeViolations(ProcessView view, MetricText text) {
        for (Violation rule : Violation.values()) {
            writeViolation(text, "request", rule, view.refusedRequests(rule));
            writeViolation(text, "response", rule, view.refusedResponses(rule));
        }
    }

    private static void writeViolation(MetricText text, String side, Violation rule, long count) {
        text.label("clause", rule.clause())
                .label("rule", rule.label())
                .label("side", side)
                .value(count);
    }

    private static void writeAccessLog(ProcessView view, MetricText text) {
        for (AccessLogCounter counter : AccessLogCounter.values()) {
            text.label("result", Json.name(counter)).value(view.accessLog(counter));
        }
    }
}
