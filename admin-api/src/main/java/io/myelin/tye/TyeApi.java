package io.myelin.tye;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.health.replica.ReplicatedView;
import io.myelin.model.Clock;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the paths of Tye's API answer, but for those of services themselves. Runs on the admin thread; never blocks. */
final class TyeApi {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String ROOT = "/api/v1";
    private static final Pattern LOGS = Pattern.compile("/api/v1/logs/([^/]+)");
    private static final Pattern METRICS = Pattern.compile("/api/v1/metrics/([^/]+)");
    private final ReplicaControl control;
    private final Application application;
    private final Clock clock;

    TyeApi(ReplicaControl control, Application application, Clock clock) {
        this.control = control;
        this.application = application;
        this.clock = clock;
    }

    /**
     * A request.
     *
     * @param path decoded
     * @param follow whether a log is to be followed
     * @param accept the media types that the client prefers
     * @param authority the host and port that the client addressed
     * @param trusted whether it may change state
     */
    record Question(String method, String path, boolean follow, String accept, String authority, boolean trusted) {
        boolean reads() {
            return method.equals("GET") || method.equals("HEAD");
        }
    }

    /**
     * An answer.
     *
     * @param allow the methods that the path knows, empty unless the method was none
     */
    record Reply(int status, String contentType, String body, String allow) {}

    /** Returns the service whose log the request wants to follow, {@code null} if it does not. */
    @Nullable
    String followed(Question question) {
        Matcher log = LOGS.matcher(question.path());
        return question.method().equals("GET") && question.follow() && log.matches() ? log.group(1) : null;
    }

    /** Returns the answer, {@code null} if the path is none of Tye's. */
    @Nullable
    Reply answer(Question question) {
        if (question.path().equals(ROOT + "/control")) {
            return question.method().equals("DELETE") ? stop(question) : notAllowed(question, "DELETE");
        }
        Reply read = read(question);
        return read == null || question.reads() ? read : notAllowed(question, "GET, HEAD");
    }

    private @Nullable Reply read(Question question) {
        switch (question.path()) {
            case ROOT -> {
                return json(200, index(question.authority()));
            }
            case ROOT + "/application" -> {
                return json(200, application());
            }
            case ROOT + "/metrics" -> {
                return metrics(question);
            }
            default -> {
                Matcher log = LOGS.matcher(question.path());
                Matcher metrics = METRICS.matcher(question.path());
                return log.matches()
                        ? log(log.group(1))
                        : metrics.matches() ? metrics(question, metrics.group(1)) : null;
            }
        }
    }

    private List<String> index(String authority) {
        List<String> paths = new ArrayList<>(List.of(
                "announcements", "application", "control", "listeners", "plugins", "process", "services", "metrics"));
        for (ReplicatedView service : control.services()) {
            paths.add("logs/" + service.config().name());
            paths.add("metrics/" + service.config().name());
        }
        return paths.stream()
                .sorted()
                .map(path -> "http://" + authority + ROOT + "/" + path)
                .toList();
    }

    private Map<String, String> application() {
        Map<String, String> view = new LinkedHashMap<>();
        view.put("id", application.id().toString());
        view.put("name", application.name().get());
        view.put("source", application.source().get());
        return view;
    }

    private Reply log(String service) {
        List<String> lines = control.log(service);
        return lines == null ? unknown(service) : json(200, lines);
    }

    private Reply metrics(Question question) {
        boolean asJson = question.accept().equals("application/json");
        List<Map<String, Object>> views = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (ReplicatedView service : control.services()) {
            String name = service.config().name();
            List<Reading> readings = Reading.of(service, clock.wallMillis());
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("service", name);
            view.put("metrics", readings);
            views.add(view);
            text.append("# ").append(name).append('\n');
            readings.forEach(reading -> text.append(reading.line(name)));
        }
        return asJson ? json(200, views) : text(text.toString());
    }

    private Reply metrics(Question question, String name) {
        ReplicatedView service = control.service(name);
        if (service == null) {
            return unknown(name);
        }
        List<Reading> readings = Reading.of(service, clock.wallMillis());
        if (question.accept().equals("application/json")) {
            return json(200, readings);
        }
        StringBuilder text = new StringBuilder();
        readings.forEach(reading -> text.append(reading.line("")));
        return text(text.toString());
    }

    private Reply stop(Question question) {
        if (!question.trusted()) {
            return forbidden();
        }
        application.stop().run();
        return text("");
    }

    /** Returns what is said of a service that is not there. */
    static Reply unknown(String service) {
        return message(404, "Unknown service " + service);
    }

    private static Reply forbidden() {
        return message(
                403, "changes are taken from this host, or with the token, and from no web page of another origin");
    }

    private static Reply notAllowed(Question question, String allow) {
        Reply refusal = message(405, "method: " + question.method() + " (expected: " + allow + ")");
        return new Reply(refusal.status(), refusal.contentType(), refusal.body(), allow);
    }

    private static Reply message(int status, String message) {
        return json(status, Map.of("message", message));
    }

    private static Reply text(String text) {
        return new Reply(200, "text/plain; charset=utf-8", text, "");
    }

    private static Reply json(int status, Object view) {
        try {
            return new Reply(status, "application/json", JSON.writeValueAsString(view) + "\n", "");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
