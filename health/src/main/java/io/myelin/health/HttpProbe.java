package io.myelin.health;

import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;

/**
 * Makes one HTTP request on a new connection and compares the answer with what is expected.
 *
 * @param check the request and the expectation
 * @param connectTimeout how long the connection may take
 * @param readTimeout how long the decisive part of the answer may take after that
 * @param introduction what the endpoint is told first
 * @param clock measures how long it took
 * @param oneLimit whether {@code readTimeout} counts from the beginning of the connection
 */
record HttpProbe(
        HttpCheck check,
        Duration connectTimeout,
        Duration readTimeout,
        Introduction introduction,
        Clock clock,
        boolean oneLimit)
        implements Probe {
    /** A probe whose connection and answer have limits of their own. */
    HttpProbe(HttpCheck check, Duration connectTimeout, Duration readTimeout, Introduction introduction, Clock clock) {
        this(check, connectTimeout, readTimeout, introduction, clock, false);
    }

    /** Returns a probe that takes {@code limit} from the beginning of the connection to the end of the answer. */
    static HttpProbe within(Duration limit, HttpCheck check, Clock clock) {
        return new HttpProbe(check, limit, limit, Introduction.NONE, clock, true);
    }

    @Override
    public void ask(EventLoop loop, Endpoint endpoint, SocketAddress address, Promise<ProbeResult> answer) {
        ask(loop, endpoint, "", address, answer);
    }

    @Override
    public void ask(
            EventLoop loop, Endpoint endpoint, String state, SocketAddress address, Promise<ProbeResult> answer) {
        ProbeConnection connection =
                new ProbeConnection(loop, address, connectTimeout, answer, clock, clock.nanoTime());
        connection.open(handler(connection, endpoint, state), new Bootstrap());
    }

    /** Returns what asks once {@code connection} stands, and answers for it. */
    AnswerHandler handler(ProbeConnection connection, Endpoint endpoint, String state) {
        return new AnswerHandler(
                connection, introduction, request(endpoint, state), new AnswerReader(check), readTimeout, oneLimit);
    }

    /** Returns the request; HTTP/1.0 gets no field of its own, as under HAProxy. */
    String request(Endpoint endpoint) {
        return request(endpoint, "");
    }

    /** The same, telling the endpoint {@code state} unless that is empty. */
    String request(Endpoint endpoint, String state) {
        StringBuilder text = new StringBuilder();
        line(text, check.method() + " " + check.uri() + " " + check.version());
        check.headers().forEach(header -> line(text, header));
        if (!state.isEmpty()) {
            line(text, ServerState.HEADER + ": " + state);
        }
        if (check.version().equals("HTTP/1.1")) {
            if (!names("host")) {
                line(text, "Host: " + (endpoint.unix() ? "localhost" : endpoint.address()));
            }
            if (!names("connection")) {
                line(text, "Connection: close");
            }
        }
        return text.append("\r\n").toString();
    }

    private boolean names(String field) {
        return check.headers().stream()
                .anyMatch(header -> header.toLowerCase(Locale.ROOT).startsWith(field + ":"));
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append("\r\n");
    }
}
