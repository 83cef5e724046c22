package io.myelin.config.reader;

import io.myelin.balance.Slots;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.haproxy.SourceAddress;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.http.RequestIdConfig;
import io.myelin.http.RequestIdConfig.Form;
import io.myelin.http.RequestIdConfig.Mode;
import io.myelin.model.Protocol;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.Admission;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.UpstreamConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The typed keys of a service or frontend, each laid over what would hold without it. */
final class Overrides {
    private static final String AGGRESSIONS = "1..100, such as 1 or 1.5";
    private static final String TOKEN = "[0-9A-Za-z!#$%&'*+.^_`|~-]{1,64}";
    private static final String KEEP_ALIVES = "true, false, clients or members";
    private static final long LARGEST_BODY = 1L << 40;
    private static final int MOST_REQUESTS = 999_999_999;

    /** The largest number that counts connections or requests. */
    static final int MOST = 999_999_999;

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
                .tunnelTimeout(tunnelTimeout(otherwise.tunnelTimeout()))
                .sendProxy(proxyVersion(section, otherwise.sendProxy()))
                .tcpKeepAlive(keepAlive("members", otherwise.tcpKeepAlive()))
                .source(source(otherwise.source()))
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

    private @Nullable Duration tunnelTimeout(@Nullable Duration otherwise) {
        Duration written = timeouts == null ? null : timeouts.duration("tunnel");
        return written == null ? otherwise : written;
    }

    /** Returns which form of the PROXY protocol the key {@code send_proxy} of {@code from} asks for. */
    static ProxyVersion proxyVersion(Section from, ProxyVersion otherwise) {
        String name = from.text("send_proxy", "v1|v2|off|false", "v1, v2 or off");
        if (name == null) {
            return otherwise;
        }
        return switch (name) {
            case "v1" -> ProxyVersion.V1;
            case "v2" -> ProxyVersion.V2;
            default -> ProxyVersion.OFF;
        };
    }

    private @Nullable InetSocketAddress source(@Nullable InetSocketAddress otherwise) {
        String text = section.text("source_address");
        InetSocketAddress address = text == null ? otherwise : SourceAddress.parse(text);
        if (text != null && address == null) {
            problems.error(section.where("source_address"), text, SourceAddress.FORMS);
        }
        return address;
    }

    /** Returns whether the kernel probes silent connections of clients. */
    boolean clientKeepAlive(boolean otherwise) {
        return keepAlive("clients", otherwise);
    }

    /** Returns whether {@code tcp_keep_alive} names that side, or both. */
    private boolean keepAlive(String side, boolean otherwise) {
        Scalar scalar = section.scalar("tcp_keep_alive", KEEP_ALIVES);
        if (scalar == null) {
            return otherwise;
        }
        return switch (scalar.text()) {
            case "true", "on", "yes" -> true;
            case "clients", "members" -> scalar.text().equals(side);
            case "false", "off", "no" -> false;
            default -> {
                // Asked once for each side, reported once.
                if (side.equals("members")) {
                    problems.error(section.where("tcp_keep_alive"), scalar.text(), KEEP_ALIVES);
                }
                yield otherwise;
            }
        };
    }

    QueueConfig queue(QueueConfig otherwise) {
        Section queue = section.section("queue");
        if (queue == null) {
            return otherwise;
        }
        queue.allow(Keys.QUEUE);
        QueueConfig read = otherwise
                .with()
                .maxConnections(queue.number("max_connections", 1, MOST, otherwise.maxConnections()))
                .maxWaiting(queue.number("max_waiting", 0, MOST, otherwise.maxWaiting()))
                .maxPending(queue.number("max_pending", 0, MOST, otherwise.maxPending()))
                .timeout(queue.has("timeout") ? queue.duration("timeout") : otherwise.timeout())
                .build();
        boolean waits = queue.has("max_waiting") || queue.has("max_pending") || queue.has("timeout");
        if (waits && !queue.has("max_connections") && otherwise.maxConnections() == Slots.UNLIMITED) {
            problems.warning(
                    queue.where(),
                    "has no effect on members without max_connections, or maxconn among their own options");
        }
        return read;
    }

    /** Returns how many clients there may be at once, 0 for any number. */
    int maxConnections(int otherwise) {
        Section limits = section.section("limits");
        return limits == null ? otherwise : limits.number("connections", 1, MOST, otherwise);
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
                .requestId(requestId(otherwise.requestId()))
                .via(via(otherwise.via()))
                .statuses(FailureStatusReader.read(section, otherwise.statuses()))
                .errorPages(new ErrorPagesReader(section).read(otherwise.errorPages()))
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
