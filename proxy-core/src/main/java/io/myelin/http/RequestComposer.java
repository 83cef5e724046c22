package io.myelin.http;

import io.myelin.http.ClientConfig.ForwardedFor;

/** Writes the head that a member is sent, from a validated one. */
final class RequestComposer {
    private static final byte[] HOST = Phrases.ascii("Host: ");
    private static final byte[] FORWARDED_FOR = Phrases.ascii("X-Forwarded-For: ");
    private static final byte[] FORWARDED_HOST = Phrases.ascii("X-Forwarded-Host: ");
    private static final byte[] FORWARDED_PROTO = Phrases.ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] FORWARDED_PORT = Phrases.ascii("X-Forwarded-Port: ");
    private static final byte[] LIST_SEPARATOR = Phrases.ascii(", ");

    private RequestComposer() {}

    /** Writes the complete head of {@code head} into {@code out}, which is cleared first. */
    static void compose(RequestHead head, ClientConnection client, ForwardedFor forwarding, HeadWriter out) {
        Fields fields = head.fields();
        out.clear();
        head.writeRequestLine(out);
        boolean ownHost = head.absoluteForm();
        if (ownHost) {
            fields.drop(FieldName.HOST);
            out.bytes(HOST);
            head.writeHost(out);
            out.crlf();
        }
        if (head.upgrade()) {
            fields.keep(FieldName.UPGRADE);
        }
        if (forwarding != ForwardedFor.OFF) {
            prepareForwarding(fields, forwarding);
        }
        fields.copyKept(out);
        if (forwarding != ForwardedFor.OFF) {
            writeForwarding(head, client, forwarding, out);
        }
        if (head.upgrade()) {
            out.bytes(Phrases.UPGRADE_LINE);
        }
        if (head.chunked()) {
            out.bytes(Phrases.CHUNKED_LINE);
        }
        out.crlf();
    }

    private static void prepareForwarding(Fields fields, ForwardedFor forwarding) {
        fields.drop(FieldName.X_FORWARDED_FOR);
        if (forwarding == ForwardedFor.REPLACE) {
            fields.drop(FieldName.X_FORWARDED_HOST);
            fields.drop(FieldName.X_FORWARDED_PROTO);
            fields.drop(FieldName.X_FORWARDED_PORT);
        }
    }

    /** Joins the addresses the request came with and the client's own in one line, as members expect it. */
    private static void writeForwarding(
            RequestHead head, ClientConnection client, ForwardedFor forwarding, HeadWriter out) {
        Fields fields = head.fields();
        boolean appending = forwarding == ForwardedFor.APPEND;
        out.bytes(FORWARDED_FOR);
        for (int field = 0; appending && field < fields.count(); field++) {
            if (fields.name(field) == FieldName.X_FORWARDED_FOR && fields.valueStart(field) < fields.valueEnd(field)) {
                out.bytes(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
                out.bytes(LIST_SEPARATOR);
            }
        }
        out.bytes(client.peerAddress());
        out.crlf();
        if (head.hasHost() && !(appending && fields.has(FieldName.X_FORWARDED_HOST))) {
            out.bytes(FORWARDED_HOST);
            head.writeHost(out);
            out.crlf();
        }
        if (!(appending && fields.has(FieldName.X_FORWARDED_PROTO))) {
            out.bytes(FORWARDED_PROTO);
        }
        if (!(appending && fields.has(FieldName.X_FORWARDED_PORT))) {
            out.bytes(FORWARDED_PORT);
            out.number(client.channel().localAddress().getPort());
            out.crlf();
        }
    }
}
