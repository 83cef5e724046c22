package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.http.RequestIdConfig;
import io.myelin.http.RequestIdConfig.Form;
import io.myelin.http.RequestIdConfig.Mode;
import io.myelin.model.Protocol;
import io.myelin.pool.Admission;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The typed keys of a service or frontend, each laid over what would hold without it. */
final class Overrides {
    private static final String AGGRESSIONS = "1..100, such as 1 or 1.5";
    private static final String TOKEN = "[0-9A-Za-z!#$%&'*+.^_`|~-]{1,64}";
    private static final int MAX_RETRIES = 100;

    private final Section section;
    private final Problems problems;
    private final @Nullable Section timeouts;

    /**
     * @param section a service or a frontend
     * @param timeoutKeys which of its timeouts there are
     */
    Overrides(Section section, Keys timeoutKeys) {
        this.section = section;
        this.problems = section.problems();
        this.timeouts = section.section("timeouts");
        if (timeouts != null) {
            timeouts.allow(timeoutKeys);
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
        Section retries = section.node("retries") instanceof Scalar ? null : section.section("retries");
        int attempts = otherwise.retries();
        boolean redispatch = otherwise.redispatch();
        if (retries != null) {
            retries.allow(Keys.RETRIES);
            attempts = retries.number("attempts", 0, MAX_RETRIES, attempts);
            redispatch = retries.flag("redispatch", redispatch);
        } else if (section.node("retries") instanceof Scalar) {
            attempts = section.number("retries", 0, MAX_RETRIES, attempts);
        }
        return otherwise
                .with()
                .connectTimeout(timeout("connect", otherwise.connectTimeout()))
                .serverTimeout(timeout("server", otherwise.serverTimeout()))
                .keepAliveTimeout(timeout("member_keep_alive", otherwise.keepAliveTimeout()))
                .retries(attempts)
                .redispatch(redispatch)
                .build();
    }

    Duration clientTimeout(Duration otherwise) {
        return timeout("client", otherwise);
    }

    ClientConfig client(ClientConfig otherwise) {
        Section limits = section.section("limits");
        if (limits != null) {
            limits.allow(Keys.LIMITS);
        }
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
                .forwardedFor(forwardedFor(otherwise.forwardedFor()))
                .requestId(requestId(otherwise.requestId()))
                .via(via(otherwise.via()))
                .build();
    }

    private RequestIdConfig requestId(RequestIdConfig otherwise) {
        if (section.node("request_id") instanceof Scalar) {
            return new RequestIdConfig(idMode(section, "request_id", otherwise), otherwise.header(), otherwise.form());
        }
        Section own = section.section("request_id");
        if (own == null) {
            return otherwise;
        }
        own.allow(Keys.REQUEST_ID);
        RequestIdConfig begun = otherwise.mode() == Mode.OFF ? RequestIdConfig.DEFAULT : otherwise;
        String header = own.text("header");
        if (header != null && !RequestIdConfig.mayCarry(header)) {
            problems.error(own.where("header"), header, RequestIdConfig.HEADERS);
            header = null;
        }
        String form = own.text("form", "hex|uuid", "hex or uuid");
        return new RequestIdConfig(
                idMode(own, "mode", begun),
                header == null ? begun.header() : header,
                form == null ? begun.form() : form.equals("uuid") ? Form.UUID : Form.HEX);
    }

    private static Mode idMode(Section section, String key, RequestIdConfig otherwise) {
        String name = section.text(key, "keep|generate|off|false", "keep, generate or off");
        if (name == null) {
            return otherwise.mode();
        }
        return switch (name) {
            case "keep" -> Mode.KEEP;
            case "generate" -> Mode.GENERATE;
            default -> Mode.OFF;
        };
    }

    private @Nullable String via(@Nullable String otherwise) {
        String name = section.text("via", TOKEN, "a name without spaces, or off");
        if (name == null) {
            return otherwise;
        }
        return name.equals("off") || name.equals("false") ? null : name;
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
