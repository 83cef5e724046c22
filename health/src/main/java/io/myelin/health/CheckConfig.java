package io.myelin.health;

import io.myelin.model.ProxyVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of one service are checked, with HAProxy's meanings.
 *
 * @param interval time between two checks of an endpoint that is settled up
 * @param fastInterval the same while it is changing state
 * @param downInterval the same while it is settled down
 * @param rise successes in a row that bring a failing endpoint up, at least 1
 * @param fall failures in a row that bring a passing endpoint down, at least 1; the first check of a new endpoint needs
 *     one only
 * @param connectTimeout how long the connection may take
 * @param readTimeout how long the answer may take once connected
 * @param port the port to check, {@code null} for the endpoint's own
 * @param http the request to make, {@code null} to be content with a connection
 * @param sendProxy whether checks begin with a PROXY header, which names nobody
 */
public record CheckConfig(
        Duration interval,
        Duration fastInterval,
        Duration downInterval,
        int rise,
        int fall,
        Duration connectTimeout,
        Duration readTimeout,
        @Nullable Integer port,
        @Nullable HttpCheck http,
        ProxyVersion sendProxy) {
    /** Checks that begin without a PROXY header. */
    public CheckConfig(
            Duration interval,
            Duration fastInterval,
            Duration downInterval,
            int rise,
            int fall,
            Duration connectTimeout,
            Duration readTimeout,
            @Nullable Integer port,
            @Nullable HttpCheck http) {
        this(
                interval,
                fastInterval,
                downInterval,
                rise,
                fall,
                connectTimeout,
                readTimeout,
                port,
                http,
                ProxyVersion.OFF);
    }

    /** Returns the same checks beginning with a PROXY header of that version. */
    public CheckConfig withSendProxy(ProxyVersion newSendProxy) {
        return new CheckConfig(
                interval,
                fastInterval,
                downInterval,
                rise,
                fall,
                connectTimeout,
                readTimeout,
                port,
                http,
                newSendProxy);
    }

    public CheckConfig {
        requirePositive("inter", interval);
        requirePositive("fastinter", fastInterval);
        requirePositive("downinter", downInterval);
        requirePositive("connect timeout", connectTimeout);
        requirePositive("read timeout", readTimeout);
        if (port != null && (port < 1 || port > 65_535)) {
            throw new IllegalArgumentException("check port: " + port + " (expected: 1..65535)");
        }
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise: " + rise + ", fall: " + fall + " (expected: >= 1)");
        }
    }

    /**
     * An HTTP request and what counts as success.
     *
     * @param method such as {@code OPTIONS} (HAProxy's default) or {@code GET}
     * @param uri the request target
     * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
     * @param headers complete lines {@code Name: value}, without line ends
     * @param expect what the answer must be
     * @param sendState whether the endpoint is told what is thought of it, in {@code X-Haproxy-Server-State}
     */
    public record HttpCheck(
            String method, String uri, String version, List<String> headers, Expectation expect, boolean sendState) {
        /** A check that tells the endpoint nothing. */
        public HttpCheck(String method, String uri, String version, List<String> headers, Expectation expect) {
            this(method, uri, version, headers, expect, false);
        }

        public HttpCheck {
            headers = List.copyOf(headers);
            requireOneWord("method", method);
            requireOneWord("uri", uri);
            if (!version.equals("HTTP/1.0") && !version.equals("HTTP/1.1")) {
                throw new IllegalArgumentException("version: " + version + " (expected: HTTP/1.0 or HTTP/1.1)");
            }
            headers.forEach(HttpCheck::requireField);
        }

        private static void requireOneWord(String key, String value) {
            if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                throw new IllegalArgumentException(key + ": '" + value + "' (expected: one word)");
            }
        }

        private static void requireField(String line) {
            if (line.indexOf(':') < 1 || line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("header: '" + line + "' (expected: one line, Name: value)");
            }
        }
    }

    /**
     * What an answer must be.
     *
     * @param kind what is compared
     * @param negated whether it must not match
     * @param text a status such as {@code 200}, {@code 200-299} or {@code 200,204}, or text that the body contains;
     *     unused for {@link Kind#SUCCESS}
     */
    public record Expectation(Kind kind, boolean negated, String text) {
        /** Any 2xx or 3xx. */
        public static final Expectation SUCCESS = new Expectation(Kind.SUCCESS, false, "");

        /** What is compared; a body comparison replaces the rule on the status, unless it says otherwise. */
        public enum Kind {
            SUCCESS,
            STATUS,
            BODY_CONTAINS,
            /** Any 2xx or 3xx whose body contains the text, as Nerve wants it. */
            SUCCESS_AND_BODY_CONTAINS,
            /** A status among those of the text, and then the whole of the body, whatever it is. */
            STATUS_AND_WHOLE_BODY;

            boolean body() {
                return this == BODY_CONTAINS || this == SUCCESS_AND_BODY_CONTAINS || this == STATUS_AND_WHOLE_BODY;
            }

            boolean statuses() {
                return this == STATUS || this == STATUS_AND_WHOLE_BODY;
            }
        }

        public Expectation {
            if (kind.statuses()) {
                StatusRanges.parse(text);
            }
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: > 0)");
        }
    }
}
