package io.myelin.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.myelin.failure.Failure;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.AccessRecord.Target;
import io.myelin.log.AccessRecord.Timers;
import io.myelin.route.TlsFact;
import io.myelin.route.TlsView;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object; what is not known is left out, and times are in milliseconds. */
final class JsonLayout implements LineLayout {
    private final JsonFactory json =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final List<Capture> requestHeaders;
    private final List<Capture> responseHeaders;

    JsonLayout(AccessConfig config) {
        requestHeaders = config.requestHeaders();
        responseHeaders = config.responseHeaders();
    }

    @Override
    public void append(AccessRecord record, StringBuilder out) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator generator = json.createGenerator(text)) {
            generator.writeStartObject();
            write(record, generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The one control character that JSON allows unescaped.
        out.append(text.toString().replace("\u007f", "\\u007f"));
    }

    private void write(AccessRecord record, JsonGenerator out) throws IOException {
        out.writeStringField("time", Instant.ofEpochMilli(record.startMillis()).toString());
        out.writeStringField("protocol", record.tunnel() ? "tcp" : "http");
        out.writeStringField("client", Address.host(record.client()));
        out.writeNumberField("client_port", Address.port(record.client()));
        out.writeStringField("listener", record.listener());
        optional("pool", record.pool(), out);
        Target member = record.member();
        if (member != null) {
            out.writeStringField("member", member.name());
        }
        writeRequest(record.request(), out);
        if (record.status() >= 0) {
            out.writeNumberField("status", record.status());
        }
        out.writeNumberField("bytes_in", record.bytesIn());
        out.writeNumberField("bytes_out", record.bytesOut());
        writeTimers(record.timers(), out);
        out.writeNumberField("retries", record.retries());
        if (record.snapshotVersion() > 0) {
            out.writeNumberField("snapshot", record.snapshotVersion());
        }
        out.writeStringField("state", record.termination());
        Failure failure = record.failure();
        optional("failure", failure == null ? null : failure.label(), out);
        optional("rule", record.rule(), out);
        optional("id", record.requestId(), out);
        writeHeaders("request_headers", requestHeaders, record.requestHeaders(), out);
        writeHeaders("response_headers", responseHeaders, record.responseHeaders(), out);
        TlsView tls = record.tls();
        if (tls != null) {
            writeTls(tls, out);
        }
    }

    private static void writeTls(TlsView tls, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("tls");
        optional("version", tls.text(TlsFact.VERSION, ""), out);
        optional("cipher", tls.text(TlsFact.CIPHER, ""), out);
        optional("sni", tls.text(TlsFact.SERVER_NAME, ""), out);
        optional("alpn", tls.text(TlsFact.ALPN, ""), out);
        out.writeBooleanField("resumed", "1".equals(tls.text(TlsFact.RESUMED, "")));
        String subject = tls.text(TlsFact.CLIENT_SUBJECT, "");
        optional("subject", subject == null ? null : new String(subject.getBytes(ISO_8859_1), UTF_8), out);
        out.writeEndObject();
    }

    private static void writeRequest(@Nullable Request request, JsonGenerator out) throws IOException {
        if (request != null) {
            out.writeStringField("method", request.method());
            out.writeStringField("target", request.target());
            out.writeStringField("version", request.version());
            optional("host", request.host(), out);
            optional("referer", request.referer(), out);
            optional("user_agent", request.userAgent(), out);
        }
    }

    private static void writeTimers(Timers timers, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("millis");
        time("head", timers.head(), out);
        time("queue", timers.queue(), out);
        time("connect", timers.connect(), out);
        time("first_byte", timers.firstByte(), out);
        time("total", timers.total(), out);
        time("self", timers.self(), out);
        out.writeEndObject();
    }

    private static void time(String name, long nanos, JsonGenerator out) throws IOException {
        if (nanos >= 0) {
            // Whole microseconds, as many digits as anyone reads.
            long micros = nanos / 1_000;
            out.writeNumberField(name, micros / 1e3);
        }
    }

    private static void writeHeaders(String name, List<Capture> captures, List<String> values, JsonGenerator out)
            throws IOException {
        if (values.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart(name);
        for (int i = 0; i < values.size(); i++) {
            optional(captures.get(i).name(), values.get(i), out);
        }
        out.writeEndObject();
    }

    private static void optional(String name, @Nullable String value, JsonGenerator out) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }
}
