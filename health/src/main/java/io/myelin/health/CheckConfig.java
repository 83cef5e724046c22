package io.myelin.health;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.ProxyVersion;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
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
 * @param spreadPercent by how much an interval may differ from what is set, either way; 0..50
 * @param tls how checks are encrypted, unless an endpoint's own options say otherwise
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
        ProxyVersion sendProxy,
        int spreadPercent,
        MemberTls tls) {
    /** Keeps the checks of many proxies apart. */
    public static final int DEFAULT_SPREAD = 10;

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
        if (spreadPercent < 0 || spreadPercent > 50) {
            throw new IllegalArgumentException("spread: " + spreadPercent + " (expected: 0..50)");
        }
    }

    /**
     * Returns checks of a connection with HAProxy's defaults, of which each part may take as long as the time between
     * two of them.
     */
    public static CheckConfig every(Duration interval) {
        return new CheckConfig(
                interval,
                interval,
                interval,
                2,
                3,
                interval,
                interval,
                null,
                null,
                ProxyVersion.OFF,
                DEFAULT_SPREAD,
                MemberTls.OFF);
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private Duration interval;
        private Duration fastInterval;
        private Duration downInterval;
        private int rise;
        private int fall;
        private Duration connectTimeout;
        private Duration readTimeout;
        private @Nullable Integer port;
        private @Nullable HttpCheck http;
        private ProxyVersion sendProxy;
        private int spreadPercent;
        private MemberTls tls;

        private Builder(CheckConfig settings) {
            interval = settings.interval;
            fastInterval = settings.fastInterval;
            downInterval = settings.downInterval;
            rise = settings.rise;
            fall = settings.fall;
            connectTimeout = settings.connectTimeout;
            readTimeout = settings.readTimeout;
            port = settings.port;
            http = settings.http;
            sendProxy = settings.sendProxy;
            spreadPercent = settings.spreadPercent;
            tls = settings.tls;
        }

        public Builder interval(Duration newInterval) {
            interval = newInterval;
            return this;
        }

        public Builder fastInterval(Duration newFastInterval) {
            fastInterval = newFastInterval;
            return this;
        }

        public Builder downInterval(Duration newDownInterval) {
            downInterval = newDownInterval;
            return this;
        }

        public Builder rise(int newRise) {
            rise = newRise;
            return this;
        }

        public Builder fall(int newFall) {
            fall = newFall;
            return this;
        }

        public Builder connectTimeout(Duration newConnectTimeout) {
            connectTimeout = newConnectTimeout;
            return this;
        }

        public Builder readTimeout(Duration newReadTimeout) {
            readTimeout = newReadTimeout;
            return this;
        }

        public Builder port(@Nullable Integer newPort) {
            port = newPort;
            return this;
        }

        public Builder http(@Nullable HttpCheck newHttp) {
            http = newHttp;
            return this;
        }

        public Builder sendProxy(ProxyVersion newSendProxy) {
            sendProxy = newSendProxy;
            return this;
        }

        public Builder spreadPercent(int newSpreadPercent) {
            spreadPercent = newSpreadPercent;
            return this;
        }

        public Builder tls(MemberTls newTls) {
            tls = newTls;
            return this;
        }

        public CheckConfig build() {
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
                    sendProxy,
                    spreadPercent,
                    tls);
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
     * @param text a status such as {@code 200}, {@code 200-299} or {@code 200,204}, text that the body contains, or a
     *     regular expression in the syntax of RE2; unused for {@link Kind#SUCCESS}
     */
    public record Expectation(Kind kind, boolean negated, String text) {
        /** Any 2xx or 3xx. */
        public static final Expectation SUCCESS = new Expectation(Kind.SUCCESS, false, "");

        /** What is compared; a body comparison replaces the rule on the status, unless it says otherwise. */
        public enum Kind {
            SUCCESS,
            STATUS,
            /** The regular expression matches somewhere in the three digits. */
            STATUS_MATCHES,
            BODY_CONTAINS,
            /** The regular expression matches somewhere in the body. */
            BODY_MATCHES,
            /** Any 2xx or 3xx whose body contains the text, as Nerve wants it. */
            SUCCESS_AND_BODY_CONTAINS,
            /** A status among those of the text, and then the whole of the body, whatever it is. */
            STATUS_AND_WHOLE_BODY;

            boolean body() {
                return bodyOnly() || this == SUCCESS_AND_BODY_CONTAINS || this == STATUS_AND_WHOLE_BODY;
            }

            /** Returns whether any status will do. */
            boolean bodyOnly() {
                return this == BODY_CONTAINS || this == BODY_MATCHES;
            }

            boolean matches() {
                return this == STATUS_MATCHES || this == BODY_MATCHES;
            }

            boolean statuses() {
                return this == STATUS || this == STATUS_AND_WHOLE_BODY;
            }
        }

        public Expectation {
            if (kind.statuses()) {
                StatusRanges.parse(text);
            }
            if (kind.matches()) {
                pattern(text);
            }
        }

        /** Returns which statuses are meant, before any negation. */
        IntPredicate codes() {
            if (kind == Kind.STATUS_MATCHES) {
                Pattern pattern = pattern(text);
                return code -> pattern.matcher(Integer.toString(code)).find();
            }
            return kind.statuses() ? StatusRanges.parse(text)::contains : StatusRanges.SUCCESS::contains;
        }

        /** Returns what looks for the text in one body. */
        BodySearch search() {
            return kind == Kind.BODY_MATCHES ? new PatternSearch(pattern(text)) : new TextSearch(text);
        }

        private static Pattern pattern(String text) {
            try {
                return Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "`" + text + "` is not a regular expression of RE2: " + e.getDescription(), e);
            }
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: > 0)");
        }
    }
}
