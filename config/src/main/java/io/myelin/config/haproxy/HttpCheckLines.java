package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code option httpchk} and {@code http-check} lines. */
final class HttpCheckLines {
    private static final Map<String, Kind> KINDS = Map.of(
            "status", Kind.STATUS,
            "rstatus", Kind.STATUS_MATCHES,
            "string", Kind.BODY_CONTAINS,
            "rstring", Kind.BODY_MATCHES);
    private static final String STATUSES = "\\d{3}(-\\d{3})?(,\\d{3}(-\\d{3})?)*";

    private HttpCheckLines() {}

    /** Returns the request of a line {@code option httpchk [[METHOD] URI [VERSION]]}. */
    static HttpCheck request(List<String> arguments) throws MalformedLineException {
        String method = arguments.size() > 1 ? arguments.get(0) : "OPTIONS";
        String uri = arguments.isEmpty() ? "/" : arguments.get(arguments.size() > 1 ? 1 : 0);
        String versionAndHeaders = arguments.size() > 2 ? String.join(" ", arguments.subList(2, arguments.size())) : "";
        String[] lines = versionAndHeaders.split("\\r\\n", -1);
        String version = lines[0].isEmpty() ? "HTTP/1.0" : lines[0].strip();
        requireMatch(method, "[A-Za-z]+", "method", "GET, HEAD or OPTIONS");
        requireMatch(uri, "[/*!-~][!-~]*", "request target", "a path");
        requireMatch(version, "HTTP/1\\.[01]", "version", "HTTP/1.0 or HTTP/1.1");
        return new HttpCheck(method, uri, version, headers(lines), Expectation.SUCCESS);
    }

    /** Returns what a line {@code http-check expect [!] KIND TEXT} asks, {@code null} if that is not interpreted. */
    static @Nullable Expectation expectation(Line line, Problems problems) throws MalformedLineException {
        boolean negated = line.word(2).equals("!");
        List<String> rule = line.from(negated ? 3 : 2);
        if (rule.size() < 2) {
            throw new MalformedLineException(
                    "nothing to expect", "http-check expect [!] status|rstatus|string|rstring TEXT");
        }
        Kind kind = KINDS.get(rule.get(0));
        String text = rule.get(1);
        if (kind == null || (kind == Kind.STATUS && !text.matches(STATUSES))) {
            line.warning(problems, "not interpreted: every 2xx and 3xx counts as success");
            return null;
        }
        try {
            return new Expectation(kind, negated, text);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException(String.valueOf(e.getMessage()), "a regular expression");
        }
    }

    static HttpCheck with(HttpCheck check, Expectation expectation, boolean sendState) {
        return new HttpCheck(check.method(), check.uri(), check.version(), check.headers(), expectation, sendState);
    }

    private static List<String> headers(String[] lines) throws MalformedLineException {
        List<String> headers = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                requireMatch(lines[i], "[!-9;-~]+:[^\\r\\n]*", "header", "Name: value");
                headers.add(lines[i]);
            }
        }
        return headers;
    }

    private static void requireMatch(String text, String pattern, String what, String expected)
            throws MalformedLineException {
        if (!text.matches(pattern)) {
            throw new MalformedLineException("`" + text + "` is not a " + what, expected);
        }
    }
}
