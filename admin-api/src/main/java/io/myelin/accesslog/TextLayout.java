package io.myelin.accesslog;

import io.myelin.failure.Failure;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.AccessRecord.Target;
import io.myelin.log.AccessRecord.Timers;
import io.myelin.route.TlsFact;
import io.myelin.route.TlsView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Like the combined format of web servers, followed by fields with names; times are in milliseconds. */
final class TextLayout implements LineLayout {
    private final Dates dates = new Dates();

    @Override
    public void append(AccessRecord record, StringBuilder out) {
        out.append(Address.host(record.client())).append(" - - [");
        dates.local(record.startMillis(), true, out);
        out.append("] \"");
        appendRequest(record, out);
        out.append("\" ");
        if (record.status() < 0) {
            out.append('-');
        } else {
            out.append(record.status());
        }
        out.append(' ').append(record.bytesOut());
        Request request = record.request();
        appendQuoted(request == null ? null : request.referer(), out);
        appendQuoted(request == null ? null : request.userAgent(), out);
        appendFields(record, request, out);
    }

    private static void appendRequest(AccessRecord record, StringBuilder out) {
        Request request = record.request();
        if (record.tunnel()) {
            out.append("TCP");
        } else if (request == null) {
            out.append('-');
        } else {
            Escapes.quoted(request.method(), out);
            out.append(' ');
            Escapes.quoted(request.target(), out);
            out.append(' ').append(request.version());
        }
    }

    private static void appendQuoted(@Nullable String text, StringBuilder out) {
        out.append(" \"");
        Escapes.quoted(text == null ? "-" : text, out);
        out.append('"');
    }

    private static void appendFields(AccessRecord record, @Nullable Request request, StringBuilder out) {
        Target member = record.member();
        Failure failure = record.failure();
        Timers timers = record.timers();
        field("port", String.valueOf(Address.port(record.client())), out);
        field("listener", record.listener(), out);
        field("pool", record.pool(), out);
        field("member", member == null ? null : member.name(), out);
        field("host", request == null ? null : request.host(), out);
        field("in", String.valueOf(record.bytesIn()), out);
        time("head", timers.head(), out);
        time("queue", timers.queue(), out);
        time("connect", timers.connect(), out);
        time("first_byte", timers.firstByte(), out);
        time("total", timers.total(), out);
        time("self", timers.self(), out);
        field("retries", String.valueOf(record.retries()), out);
        field("snapshot", String.valueOf(record.snapshotVersion()), out);
        field("state", record.termination(), out);
        field("failure", failure == null ? null : failure.label(), out);
        field("rule", record.rule(), out);
        field("id", record.requestId(), out);
        captured("request_headers", record.requestHeaders(), out);
        captured("response_headers", record.responseHeaders(), out);
        TlsView tls = record.tls();
        if (tls != null) {
            appendTls(tls, out);
        }
    }

    private static void appendTls(TlsView tls, StringBuilder out) {
        field("tls", tls.text(TlsFact.VERSION, ""), out);
        field("cipher", tls.text(TlsFact.CIPHER, ""), out);
        field("sni", tls.text(TlsFact.SERVER_NAME, ""), out);
        field("alpn", tls.text(TlsFact.ALPN, ""), out);
        field("resumed", tls.text(TlsFact.RESUMED, ""), out);
        field("subject", tls.text(TlsFact.CLIENT_SUBJECT, ""), out);
    }

    private static void field(String name, @Nullable String value, StringBuilder out) {
        out.append(' ').append(name).append('=');
        if (value == null || value.isEmpty()) {
            out.append('-');
        } else {
            Escapes.word(value, out);
        }
    }

    private static void time(String name, long nanos, StringBuilder out) {
        out.append(' ').append(name).append('=');
        if (nanos < 0) {
            out.append('-');
            return;
        }
        long micros = nanos / 1_000;
        String fraction = String.valueOf(1_000 + micros % 1_000);
        out.append(micros / 1_000).append('.').append(fraction, 1, fraction.length());
    }

    private static void captured(String name, List<String> values, StringBuilder out) {
        if (!values.isEmpty()) {
            field(name, String.join("|", values), out);
        }
    }
}
