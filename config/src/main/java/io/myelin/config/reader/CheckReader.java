package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.MemberTls;
import io.myelin.model.ProxyVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a native {@code check}: {@code tcp}, a path, or a map. */
final class CheckReader {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final String FORMS = "tcp, a path such as /health, or a map";
    private static final String PATH_FORMS = "a path that begins with /";
    private static final String PATH = "/[!-~]*";
    private static final String DEFAULT_VERSION = "HTTP/1.0";

    private final Problems problems;

    CheckReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Returns the check of {@code service}, {@code null} if it cannot be read.
     *
     * @param otherwise the PROXY header that checks begin with unless they say so themselves or have a port of their
     *     own
     * @param tls how traffic is encrypted, and checks that do not say otherwise
     */
    @Nullable
    CheckConfig read(Section service, ProxyVersion otherwise, MemberTls tls) {
        CheckConfig check = read(service, otherwise);
        Section map = service.node("check") instanceof Mapping ? service.section("check") : null;
        Boolean encrypted = map == null ? null : map.flag("tls");
        return check == null
                ? null
                : check.with()
                        .tls(
                                encrypted == null
                                        ? tls
                                        : tls.with().checks(encrypted).build())
                        .build();
    }

    private @Nullable CheckConfig read(Section service, ProxyVersion otherwise) {
        if (service.node("check") instanceof Scalar scalar) {
            CheckConfig check = shorthand(scalar, service.where("check"));
            return check == null ? null : check.with().sendProxy(otherwise).build();
        }
        Section check = service.section("check");
        if (check == null) {
            return null;
        }
        check.allow(Keys.CHECK);
        HttpCheck http = http(check);
        boolean tcp = check.flag("tcp", false);
        if (!tcp && !check.has("http")) {
            problems.error(check.where(), "does not say what to check", "http: /path or tcp: true");
        } else if (tcp && check.has("http")) {
            problems.error(check.where("tcp"), "is set beside http", "one of them");
        }
        Duration interval = check.positiveDuration("interval", INTERVAL);
        Duration timeout = check.positiveDuration("timeout", interval);
        return CheckConfig.every(interval)
                .with()
                .fastInterval(check.positiveDuration("fast_interval", interval))
                .downInterval(check.positiveDuration("down_interval", interval))
                .rise(check.number("rise", 1, 1_000, 2))
                .fall(check.number("fall", 1, 1_000, 3))
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .port(check.number("port", 1, 65_535))
                .http(http)
                .sendProxy(Overrides.proxyVersion(check, check.has("port") ? ProxyVersion.OFF : otherwise))
                .spreadPercent(check.number("spread_percent", 0, 50, CheckConfig.DEFAULT_SPREAD))
                .build();
    }

    private @Nullable CheckConfig shorthand(Scalar scalar, Where where) {
        if (scalar.text().equals("tcp")) {
            return withDefaults(null);
        }
        if (scalar.text().matches(PATH)) {
            return withDefaults(get(scalar.text()));
        }
        problems.error(where, scalar.text(), FORMS);
        return null;
    }

    private static CheckConfig withDefaults(@Nullable HttpCheck http) {
        return CheckConfig.every(INTERVAL).with().http(http).build();
    }

    private static HttpCheck get(String path) {
        return new HttpCheck("GET", path, DEFAULT_VERSION, List.of(), Expectation.SUCCESS);
    }

    /** Returns the request that {@code http} describes, {@code null} without one. */
    @Nullable
    HttpCheck http(Section check) {
        if (!check.has("http")) {
            return null;
        }
        if (check.node("http") instanceof Scalar) {
            String path = check.text("http", PATH, PATH_FORMS);
            return path == null ? null : get(path);
        }
        Section http = check.section("http");
        if (http == null) {
            return null;
        }
        http.allow(Keys.HTTP_CHECK);
        String method = http.text("method", "[A-Z]+", "a method in capitals, such as GET");
        String path = http.text("path", PATH, PATH_FORMS);
        String version = http.text("version", "HTTP/1\\.[01]", "HTTP/1.0 or HTTP/1.1");
        return new HttpCheck(
                method == null ? "GET" : method,
                path == null ? "/" : path,
                version == null ? DEFAULT_VERSION : version,
                headers(http),
                expectation(http));
    }

    private Expectation expectation(Section http) {
        String status = http.text("expect_status", "\\d{3}(-\\d{3})?", "a status such as 200 or 200-299");
        String body = http.text("expect_body");
        if (status != null && body != null) {
            problems.error(http.where("expect_body"), "is set beside expect_status", "one of them");
        }
        if (status != null) {
            return new Expectation(Expectation.Kind.STATUS, false, status);
        }
        return body == null ? Expectation.SUCCESS : new Expectation(Expectation.Kind.BODY_CONTAINS, false, body);
    }

    private List<String> headers(Section http) {
        List<String> headers = new ArrayList<>();
        if (http.node("headers") instanceof Mapping) {
            Section fields = http.section("headers");
            if (fields != null) {
                for (Entry entry : fields.entries()) {
                    String value = fields.text(entry.name());
                    addHeader(entry.name() + ": " + (value == null ? "" : value), fields.where(entry.name()), headers);
                }
            }
        } else {
            http.texts("headers").forEach(line -> addHeader(line, http.where("headers"), headers));
        }
        return headers;
    }

    private void addHeader(String line, Where where, List<String> headers) {
        if (line.matches("[!-9;-~]+:[^\\r\\n\\x00]*")) {
            headers.add(line);
        } else {
            problems.error(where, "`" + line.strip() + "` is not a header", "Name: value");
        }
    }
}
