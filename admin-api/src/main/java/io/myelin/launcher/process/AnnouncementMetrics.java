package io.myelin.launcher.process;

import io.myelin.discovery.announce.RegistrationObserver.Answer;
import io.myelin.discovery.announce.RegistrationObserver.Operation;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.health.LocalVerdict;
import io.myelin.statsd.NerveMetrics;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens to one announcement, under the names and tags that Nerve has for it. Safe from any thread.
 *
 * @param service the announcement
 * @param reporter where it is announced
 * @param version of this program
 * @param metrics take it
 */
record AnnouncementMetrics(String service, ReporterConfig reporter, String version, NerveMetrics metrics) {
    private static final Pattern ENCODED = Pattern.compile(".*/base64_(\\d+)_.*", Pattern.DOTALL);

    /** Why an announcement begins or ends. */
    enum Occasion {
        NEW,
        UPDATE,
        OLD
    }

    void launched(Occasion occasion) {
        metrics.count("watcher.launch", Map.of("launch_reason", word(occasion), "watcher_name", service));
    }

    void reaped(Occasion occasion) {
        metrics.count("watcher.reap", Map.of("reap_reason", word(occasion), "watcher_name", service));
    }

    void started() {
        metrics.count("watcher.start", tags());
    }

    void stopped() {
        metrics.count("watcher.stop", tags("stop_avenue", "clean", "stop_location", "main_loop"));
    }

    /** A round of checks ended while the registry could be reached, or could not. */
    void checked(LocalVerdict verdict, boolean reached) {
        metrics.count(
                "watcher.status.ping.count",
                tags("ping_result", reached ? "success" : "fail", "nerve_version", version));
        for (LocalVerdict.Part part : verdict.checks()) {
            metrics.count(
                    "watcher.status.service_check",
                    tags("check_result", part.passing() ? "up" : "down", "check_name", part.name()));
        }
    }

    void throttled(boolean shadow) {
        metrics.count("watcher.throttled", tags("shadow_mode", String.valueOf(shadow)));
    }

    /** The registry says what it is to say. */
    void reported(boolean up) {
        metrics.count("watcher.status.transition", tags("new_status", up ? "up" : "down"));
        metrics.count("watcher.status.report.count", tags("report_result", "success"));
    }

    void reportFailed() {
        metrics.count("watcher.status.report.count", tags("report_result", "fail"));
    }

    /** The registry names the instance at {@code path}, which may carry all of the registration. */
    void announcedAt(String path) {
        Matcher encoded = ENCODED.matcher(path);
        if (encoded.matches()) {
            metrics.gauge(name("child.bytes"), Long.parseLong(encoded.group(1)), reporter.tags());
        }
    }

    void client(boolean shared) {
        metrics.count(name(shared ? "client.reused" : "client.created"), reporter.tags());
    }

    void answered(Operation operation, long nanos, Answer answer) {
        if (operation == Operation.RENEW) {
            Map<String, String> tags = new HashMap<>(reporter.tags());
            tags.put("result", answer == Answer.DONE ? "success" : "fail");
            if (answer != Answer.DONE) {
                tags.put("reason", answer == Answer.GONE ? "no_node" : "connection_error");
            }
            metrics.count(name("ttl.renew"), tags);
        } else {
            metrics.nanos(name(word(operation) + ".elapsed_time"), nanos, reporter.tags());
        }
    }

    private String name(String ofReporter) {
        return "reporter." + reporter.kind() + "." + ofReporter;
    }

    private Map<String, String> tags() {
        return Map.of("service_name", service);
    }

    private Map<String, String> tags(String tag, String value) {
        return Map.of("service_name", service, tag, value);
    }

    private Map<String, String> tags(String tag, String value, String other, String otherValue) {
        return Map.of("service_name", service, tag, value, other, otherValue);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
