package io.myelin.accesslog;

import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.AccessRecord.Target;
import io.myelin.log.AccessRecord.Timers;
import io.myelin.log.LogFormat;
import io.myelin.log.LogFormat.Piece;
import io.myelin.log.LogVariable;
import io.myelin.route.TlsFact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line as HAProxy writes it (its manual, sections 8.2 and 8.4 to 8.6). */
final class HaproxyLayout implements LineLayout {
    /*
     * Times are whole milliseconds, and -1 where something did not come to pass. A time before the first byte of a
     * request on a kept connection is not known, so %Tq and %Tt begin with that byte as %TR and %Ta do.
     */
    private static final String NO_SERVER = "<NOSRV>";
    private static final String BAD_REQUEST = "<BADREQ>";
    private static final String IN_HEADERS = "{|}";

    private final LogFormat http;
    private final LogFormat tcp;
    private final int requestHeaders;
    private final int responseHeaders;
    private final Surroundings surroundings;
    private final Dates dates = new Dates();

    /**
     * Creates the layout.
     *
     * @param requestHeaders how many fields of a request are captured
     * @param responseHeaders the same of a response
     */
    HaproxyLayout(LogFormat http, LogFormat tcp, int requestHeaders, int responseHeaders, Surroundings surroundings) {
        this.http = http;
        this.tcp = tcp;
        this.requestHeaders = requestHeaders;
        this.responseHeaders = responseHeaders;
        this.surroundings = surroundings;
    }

    @Override
    public void append(AccessRecord record, StringBuilder out) {
        LogFormat format = record.tunnel() ? tcp : http;
        int start = out.length();
        for (Piece piece : format.pieces()) {
            LogVariable variable = piece.variable();
            if (variable != null) {
                append(variable, piece, record, out);
            } else if (!piece.text().startsWith(" ") || !endsInSpace(out, start)) {
                out.append(piece.text());
            } else {
                // A variable that shows nothing leaves no second space behind.
                out.append(piece.text(), 1, piece.text().length());
            }
        }
    }

    private static boolean endsInSpace(StringBuilder out, int start) {
        return out.length() == start || out.charAt(out.length() - 1) == ' ';
    }

    private void append(LogVariable variable, Piece piece, AccessRecord record, StringBuilder out) {
        Timers timers = record.timers();
        switch (variable) {
            case CLIENT_ADDRESS -> text(Address.host(record.client()), piece, out);
            case CLIENT_PORT -> out.append(Address.port(record.client()));
            case FRONTEND_ADDRESS -> text(Address.host(record.local()), piece, out);
            case FRONTEND_PORT -> out.append(Address.port(record.local()));
            case MEMBER_ADDRESS ->
                text(record.member() == null ? null : record.member().host(), piece, out);
            case MEMBER_PORT ->
                out.append(record.member() == null ? 0 : record.member().port());
            case FRONTEND, FRONTEND_TRANSPORT -> name(record.listener(), piece, out);
            case BACKEND -> name(record.backend() == null ? record.listener() : record.backend(), piece, out);
            case SERVER -> server(record.member(), piece, out);
            case ACCEPT_DATE, REQUEST_DATE -> dates.local(record.startMillis(), false, out);
            case ACCEPT_DATE_GMT, REQUEST_DATE_GMT -> Dates.gmtSeconds(record.startMillis(), out);
            case ACCEPT_DATE_LOCAL, REQUEST_DATE_LOCAL -> dates.localSeconds(record.startMillis(), out);
            case EPOCH_SECONDS -> out.append(record.startMillis() / 1_000);
            case MILLISECONDS -> Dates.millis(record.startMillis(), out);
            case HANDSHAKE_TIME, SERVER_QUEUE, BACKEND_QUEUE -> out.append('0');
            case HEAD_TIME, HEAD_TIME_BEFORE -> out.append(millis(timers.head()));
            case QUEUE_TIME -> out.append(millis(timers.queue()));
            case CONNECT_TIME -> out.append(millis(timers.connect()));
            case RESPONSE_TIME -> out.append(millis(timers.firstByte()));
            case DATA_TIME -> out.append(millis(dataNanos(timers)));
            case ACTIVE_TIME, TOTAL_TIME, USER_TIME -> out.append(millis(timers.total()));
            case STATUS -> out.append(record.status());
            case BYTES_READ -> out.append(record.bytesOut());
            case BYTES_UPLOADED -> out.append(record.bytesIn());
            case REQUEST_COOKIE, RESPONSE_COOKIE -> text(null, piece, out);
            case TERMINATION -> out.append(record.termination());
            case TERMINATION_WITH_COOKIE -> out.append(record.termination()).append("--");
            case PROCESS_CONNECTIONS ->
                out.append(Math.max(
                        surroundings.openConnections().getAsLong(),
                        record.load().listener()));
            case FRONTEND_CONNECTIONS -> out.append(record.load().listener());
            case BACKEND_CONNECTIONS -> out.append(record.load().pool());
            case SERVER_CONNECTIONS -> out.append(record.load().member());
            case RETRIES -> out.append(record.redispatched() ? "+" : "").append(record.retries());
            case REQUEST_HEADERS -> block(requestHeaders, record, record.requestHeaders(), out);
            case RESPONSE_HEADERS -> block(responseHeaders, record, record.responseHeaders(), out);
            case REQUEST_HEADER_LIST -> list(record.requestHeaders(), out);
            case RESPONSE_HEADER_LIST -> list(record.responseHeaders(), out);
            case REQUEST_LINE -> text(line(record.request()), piece, out);
            case METHOD ->
                text(record.request() == null ? BAD_REQUEST : record.request().method(), piece, out);
            case TARGET ->
                text(record.request() == null ? BAD_REQUEST : record.request().target(), piece, out);
            case PATH -> text(beforeQuery(record.request()), piece, out);
            case PATH_ONLY -> text(pathOnly(record.request()), piece, out);
            case QUERY -> text(query(record.request()), piece, out);
            case VERSION ->
                text(record.request() == null ? BAD_REQUEST : record.request().version(), piece, out);
            case REQUEST_ID -> text(record.requestId(), piece, out);
            case HOST_NAME -> text(surroundings.hostName(), piece, out);
            case PROCESS_ID -> out.append(surroundings.processId());
            case ENCRYPTED -> out.append(record.tls() == null ? '0' : '1');
            case TLS_VERSION -> text(answer(record, TlsFact.VERSION), piece, out);
            case TLS_CIPHER -> text(answer(record, TlsFact.CIPHER), piece, out);
            case TLS -> text(piece.sample() == null ? null : piece.sample().answer(record.tls()), piece, out);
            case ONE_REQUEST_HEADER -> text(item(record.requestHeaders(), piece.index()), piece, out);
            case ONE_RESPONSE_HEADER -> text(item(record.responseHeaders(), piece.index()), piece, out);
        }
    }

    private static long millis(long nanos) {
        return nanos < 0 ? -1 : nanos / 1_000_000;
    }

    private static long dataNanos(Timers timers) {
        return timers.firstByte() < 0
                ? -1
                : timers.total() - timers.head() - timers.queue() - timers.connect() - timers.firstByte();
    }

    private static void text(@Nullable String text, Piece piece, StringBuilder out) {
        if (piece.quoted()) {
            out.append('"');
        }
        if (text != null && !text.isEmpty()) {
            int start = out.length();
            Escapes.haproxy(text, "", out);
            if (piece.escaped()) {
                escape(out, start);
            }
        } else if (!piece.quoted()) {
            out.append('-');
        }
        if (piece.quoted()) {
            out.append('"');
        }
    }

    /** Quotes are written as {@code #22} already. */
    private static void escape(StringBuilder out, int start) {
        for (int i = start; i < out.length(); i++) {
            if (out.charAt(i) == '\\' || out.charAt(i) == ']') {
                out.insert(i++, '\\');
            }
        }
    }

    private static void name(String name, Piece piece, StringBuilder out) {
        StringBuilder word = new StringBuilder(name.length());
        Escapes.haproxy(name, " ", word);
        out.append(piece.quoted() ? "\"" : "").append(word).append(piece.quoted() ? "\"" : "");
    }

    private static void server(@Nullable Target member, Piece piece, StringBuilder out) {
        name(member == null ? NO_SERVER : member.name(), piece, out);
    }

    /** Captured fields are shown of requests that were read only. */
    private static void block(int captures, AccessRecord record, List<String> values, StringBuilder out) {
        if (captures == 0 || record.request() == null) {
            return;
        }
        out.append('{');
        for (int i = 0; i < captures; i++) {
            if (i > 0) {
                out.append('|');
            }
            if (i < values.size()) {
                Escapes.haproxy(values.get(i), IN_HEADERS, out);
            }
        }
        out.append('}');
    }

    private static void list(List<String> values, StringBuilder out) {
        for (int i = 0; i < values.size(); i++) {
            out.append(i > 0 ? " \"" : "\"");
            Escapes.haproxy(values.get(i), IN_HEADERS, out);
            out.append('"');
        }
    }

    private static String line(@Nullable Request request) {
        return request == null ? BAD_REQUEST : request.method() + " " + request.target() + " " + request.version();
    }

    private static String beforeQuery(@Nullable Request request) {
        if (request == null) {
            return BAD_REQUEST;
        }
        int query = request.target().indexOf('?');
        return query < 0 ? request.target() : request.target().substring(0, query);
    }

    private static String pathOnly(@Nullable Request request) {
        return beforeQuery(request).replaceFirst("^[a-zA-Z]+://[^/]*", "");
    }

    private static String query(@Nullable Request request) {
        int query = request == null ? -1 : request.target().indexOf('?');
        return query < 0 || request == null ? "" : request.target().substring(query);
    }

    private static @Nullable String answer(AccessRecord record, TlsFact fact) {
        return record.tls() == null ? null : record.tls().text(fact, "");
    }

    private static @Nullable String item(List<String> values, int index) {
        return index < values.size() ? values.get(index) : null;
    }
}
