package io.myelin.admin;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.failure.Failure;
import io.myelin.http.Violation;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.prometheus.metrics.model.snapshots.Labels;

/** The metrics of the process and its listeners. */
final class ProcessMetrics {
    private ProcessMetrics() {}

    static void collect(ProcessView view, MetricFamilies families) {
        families.gauge(
                "myelin_build_info",
                "What is running; always 1.",
                1,
                Labels.of(
                        "version", view.version(),
                        "java", Runtime.version().toString(),
                        "transport", view.transport()));
        families.gauge(
                "myelin_draining", "1 while the process takes no new work.", view.draining() ? 1 : 0, Labels.EMPTY);
        families.gauge(
                "myelin_broken_services",
                "Services whose configuration cannot be served.",
                view.brokenServices().size(),
                Labels.EMPTY);
        collectConfig(view.config(), families);
        ProcessConnections connections = view.connections();
        families.gauge("myelin_open_connections", "Client connections open now.", connections.open(), Labels.EMPTY);
        if (connections.limit() > 0) {
            families.gauge(
                    "myelin_max_connections", "Client connections there may be.", connections.limit(), Labels.EMPTY);
        }
        for (Failure failure : Failure.values()) {
            families.counter(
                    "myelin_unrouted_failures_total",
                    "Exchanges that failed before a pool was chosen, by reason.",
                    view.unrouted(failure),
                    Labels.of("reason", failure.label()));
        }
        families.counter(
                "myelin_unrouted_redirects_total",
                "Requests that a listener redirected before a pool was chosen.",
                view.unroutedRedirects(),
                Labels.EMPTY);
        for (Violation rule : Violation.values()) {
            collectViolation("request", rule, view.refusedRequests(rule), families);
            collectViolation("response", rule, view.refusedResponses(rule), families);
        }
        for (AccessLogCounter counter : AccessLogCounter.values()) {
            families.counter(
                    "myelin_access_log_lines_total",
                    "Lines of access logs, by what became of them.",
                    view.accessLog(counter),
                    Labels.of("result", Json.name(counter)));
        }
        view.registryCounts()
                .forEach((name, count) -> families.counter(
                        "myelin_" + name, "Counted by the registry's client since the start.", count, Labels.EMPTY));
        view.listeners().forEach(listener -> collectListener(listener, families));
    }

    private static void collectViolation(String side, Violation rule, long count, MetricFamilies families) {
        families.counter(
                "myelin_http_violations_total",
                "Messages that broke a rule of HTTP, by rule.",
                count,
                Labels.of("side", side, "rule", rule.label(), "clause", rule.clause()));
    }

    private static void collectConfig(ConfigStatus config, MetricFamilies families) {
        families.gauge("myelin_config_version", "Configurations that took effect.", config.version(), Labels.EMPTY);
        families.gauge(
                "myelin_config_applied_timestamp_seconds",
                "When the configuration took effect, in Unix time.",
                config.appliedMillis() / 1e3,
                Labels.EMPTY);
        families.counter("myelin_config_rejected_total", "Reloads that were refused.", config.rejected(), Labels.EMPTY);
    }

    private static void collectListener(ListenerStatus listener, MetricFamilies families) {
        ListenerView seen = ListenerView.of(listener);
        Labels labels = Labels.of("listener", seen.listener(), "address", seen.address(), "protocol", seen.protocol());
        families.gauge("myelin_listener_up", "1 while the listener listens.", seen.listening() ? 1 : 0, labels);
        families.gauge(
                "myelin_listener_open_connections", "Client connections open now.", seen.openConnections(), labels);
        families.counter(
                "myelin_listener_accepted_connections_total",
                "Client connections since the listener was bound.",
                seen.acceptedConnections(),
                labels);
        families.gauge(
                "myelin_listener_waiting_connections",
                "Client connections accepted that wait for others to end; meanwhile accepting is paused.",
                seen.waitingConnections(),
                labels);
        families.counter(
                "myelin_listener_waited_connections_total",
                "Client connections that had to wait for others to end.",
                seen.waitedConnections(),
                labels);
        Integer limit = seen.maxConnections();
        if (limit != null) {
            families.gauge("myelin_listener_max_connections", "Client connections there may be.", limit, labels);
        }
    }
}
