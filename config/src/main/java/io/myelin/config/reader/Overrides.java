package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.model.Protocol;
import io.myelin.pool.Admission;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The typed keys of a service or frontend, each laid over what would hold without it. */
final class Overrides {
    private static final String AGGRESSIONS = "1..100, such as 1 or 1.5";
    private static final long LARGEST_BODY = 1L << 40;
    private static final int MOST_REQUESTS = 999_999_999;

    private final Section section;
    private final Problems problems;
    private final @Nullable Section timeouts;
    private final @Nullable Section limits;

    /**
     * @param section a service or a frontend
     * @param timeoutKeys which of its timeouts there are
     * @param limitKeys which of its limits there are
     */
    Overrides(Section section, Keys timeoutKeys, Keys limitKeys) {
        this.section = section;
        this.problems = section.problems();
        this.timeouts = section.section("timeouts");
        if (timeouts != null) {
            timeouts.allow(timeoutKeys);
        }
        this.limits = section.section("limits");
        if (limits != null) {
            limits.allow(limitKeys);
        }
    }

    Protocol protocol(Protocol otherwise) {
        String name = section.text("protocol", "http|tcp", "http or tcp");
        return name == null ? otherwise : name.equals("tcp") ? Protocol.TCP : Protocol.HTTP;
    }

    Admission admission(Admission otherwise) {
        int panicPercent = section.number("panic_threshold", 0, 100, otherwise.panicPercent());
        if (section.node("slow_start") instanceof Scalar) {
            Duration window = section.duration("slow_start", otherwise.slowStart());
            return new Admission(window, Admission.DEFAULT.aggression(), panicPercent);
        }
        Section slowStart = section.section("slow_start");
        if (slowStart == null) {
            return new Admission(otherwise.slowStart(), otherwise.aggression(), panicPercent);
        }
        slowStart.allow(Keys.SLOW_START);
        if (!slowStart.has("window")) {
            problems.error(slowStart.where(), "has no window", "a time such as 30s");
        }
        return new Admission(slowStart.duration("window", otherwise.slowStart()), aggression(slowStart), panicPercent);
    }

    private double aggression(Section slowStart) {
        String text = slowStart.text("aggression", "\\d{1,3}(\\.\\d{1,6})?", AGGRESSIONS);
        double aggression = text == null ? Admission.DEFAULT.aggression() : Double.parseDouble(text);
        if (aggression < 1 || aggression > 100) {
            problems.error(slowStart.where("aggression"), String.valueOf(text), AGGRESSIONS);
            return Admission.DEFAULT.aggression();
        }
        return aggression;
    }

    UpstreamConfig upstream(UpstreamConfig otherwise) {
        return new RetriesReader(section)
                .read(otherwise)
                .with()
                .connectTimeout(timeout("connect", otherwise.connectTimeout()))
                .serverTimeout(timeout("server", otherwise.serverTimeout()))
                .keepAliveTimeout(timeout("member_keep_alive", otherwise.keepAliveTimeout()))
                .maxResponseHeadBytes(
                        limits == null
                                ? otherwise.maxResponseHeadBytes()
                                : limits.size("response_head", otherwise.maxResponseHeadBytes()))
                .connect(section.flag("connect", otherwise.connect()))
                .build();
    }

    Duration clientTimeout(Duration otherwise) {
        return timeout("client", otherwise);
    }

    ClientConfig client(ClientConfig otherwise) {
        return otherwise
                .with()
                .requestTimeout(timeout("request", otherwise.requestTimeout()))
                .keepAliveTimeout(timeout("keep_alive", otherwise.keepAliveTimeout()))
                .maxRequestLineBytes(
                        limits == null
                                ? otherwise.maxRequestLineBytes()
                                : limits.size("request_line", otherwise.maxRequestLineBytes()))
                .maxHeadBytes(limits == null ? otherwise.maxHeadBytes() : limits.size("head", otherwise.maxHeadBytes()))
                .maxHeaderFields(
                        limits == null
                                ? otherwise.maxHeaderFields()
                                : limits.number("headers", 1, 10_000, otherwise.maxHeaderFields()))
                .maxBodyBytes(
                        limits == null
                                ? otherwise.maxBodyBytes()
                                : limits.bytes("body", otherwise.maxBodyBytes(), LARGEST_BODY))
                .maxRequests(
                        limits == null
                                ? otherwise.maxRequests()
                                : limits.number("requests_per_connection", 0, MOST_REQUESTS, otherwise.maxRequests()))
                .forwardedFor(forwardedFor(otherwise.forwardedFor()))
                .connect(section.flag("connect", otherwise.connect()))
                .build();
    }

    private ForwardedFor forwardedFor(ForwardedFor otherwise) {
        String name = section.text("forwarded_for", "append|replace|off|false", "append, replace or off");
        if (name == null) {
            return otherwise;
        }
        return switch (name) {
            case "append" -> ForwardedFor.APPEND;
            case "replace" -> ForwardedFor.REPLACE;
            default -> ForwardedFor.OFF;
        };
    }

    private Duration timeout(String key, Duration otherwise) {
        return timeouts == null ? otherwise : timeouts.duration(key, otherwise);
    }
}
