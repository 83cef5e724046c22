package io.myelin.http;

import io.myelin.failure.Failure;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessConfig.Layout;
import io.myelin.log.AccessLog;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.Trace;
import io.myelin.model.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the access log wants to know of messages of HTTP. */
final class RequestTrace {
    private static final int MOST_CHARACTERS = 1_024;

    private RequestTrace() {}

    /**
     * Begins to note the request that {@code head} describes.
     *
     * @param nowNanos when its head was complete
     */
    static Trace begin(AccessLog log, ClientConnection client, RequestHead head, long nowNanos) {
        Trace trace = Trace.ofRequest(
                log, client.channel().remoteAddress(), client.channel().localAddress(), client.takeHeadStart(nowNanos));
        AccessConfig config = log.config();
        trace.encrypted(client.tls());
        trace.received(client.headBytes());
        trace.began(request(head, config), captured(head.fields(), config.requestHeaders()), nowNanos);
        return trace;
    }

    private static Request request(RequestHead head, AccessConfig config) {
        boolean full = config.layout() != Layout.HAPROXY;
        return new Request(
                head.method().toString(),
                head.target(Request.MOST_TARGET_CHARACTERS),
                head.minorVersion() == 1 ? "HTTP/1.1" : "HTTP/1.0",
                full ? head.host().toString() : "",
                full ? value(head.fields(), "Referer") : null,
                full ? value(head.fields(), "User-Agent") : null);
    }

    private static @Nullable String value(Fields fields, String name) {
        int field = fields.find(name);
        return field < 0 ? null : fields.value(field, MOST_CHARACTERS);
    }

    /** Returns what is to be shown of {@code fields}; of several with one name it is the last. */
    static List<String> captured(Fields fields, List<Capture> captures) {
        if (captures.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>(captures.size());
        for (Capture capture : captures) {
            int last = -1;
            for (int field = fields.find(capture.name()); field >= 0; field = fields.find(capture.name(), field + 1)) {
                last = field;
            }
            values.add(last < 0 ? "" : fields.value(last, capture.length()));
        }
        return values;
    }

    /**
     * Logs a connection that ended, or was refused, before a request could be read.
     *
     * @param failure {@code null} if nothing at all had come
     * @param answerBytes what the client was sent, 0 for no answer
     */
    static void unread(
            AccessLog log,
            ClientConnection client,
            Clock clock,
            int loop,
            @Nullable Failure failure,
            @Nullable Violation rule,
            int answerBytes) {
        Trace trace = Trace.ofRequest(
                log,
                client.channel().remoteAddress(),
                client.channel().localAddress(),
                client.takeHeadStart(clock.nanoTime()));
        trace.encrypted(client.tls());
        trace.received(client.unreadBytes());
        trace.failed(failure == null ? Failure.CLIENT_GONE : failure);
        if (rule != null) {
            trace.broke(rule.label());
        }
        if (failure != null && answerBytes > 0) {
            trace.status(failure.status());
            trace.sent(answerBytes);
        }
        trace.end(loop, clock, 0);
    }
}
