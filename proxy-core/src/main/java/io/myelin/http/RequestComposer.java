package io.myelin.http;

import io.myelin.http.ClientConfig.ForwardedFor;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Writes the head that a member is sent, from a validated one. */
final class RequestComposer {
    private static final byte[] HOST = Phrases.ascii("Host: ");
    private static final byte[] FORWARDED_FOR = Phrases.ascii("X-Forwarded-For: ");
    private static final byte[] FORWARDED_HOST = Phrases.ascii("X-Forwarded-Host: ");
    private static final byte[] FORWARDED_PROTO = Phrases.ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] FORWARDED_PROTO_TLS = Phrases.ascii("X-Forwarded-Proto: https\r\n");
    private static final byte[] FORWARDED_PORT = Phrases.ascii("X-Forwarded-Port: ");
    private static final byte[] FORWARDED = Phrases.ascii("Forwarded: for=");
    private static final byte[] WIDE_BEGIN = Phrases.ascii("\"[");
    private static final byte[] WIDE_END = Phrases.ascii("]\"");
    private static final byte[] UNKNOWN = Phrases.ascii("unknown");
    private static final byte[] PROTO = Phrases.ascii(";proto=http\r\n");
    private static final byte[] PROTO_TLS = Phrases.ascii(";proto=https\r\n");
    private static final byte[] LIST_SEPARATOR = Phrases.ascii(", ");

    private RequestComposer() {}

    /**
     * Writes the complete head of {@code head} into {@code out}, which is cleared first.
     *
     * @param peer the client's address, as text; empty if it has none
     * @param local the address that the client connected to
     * @param added further field lines
     */
    static void compose(
            RequestHead head,
            byte[] peer,
            SocketAddress local,
            ForwardedFor forwarding,
            HeadWriter added,
            HeadWriter out) {
        Fields fields = head.fields();
        out.clear();
        head.writeRequestLine(out);
        writeOwnHost(head, local, out);
        if (head.upgrade()) {
            fields.keep(FieldName.UPGRADE);
        }
        if (head.minorVersion() == 0) {
            // RFC 9110 section 10.1.1: such a client expects nothing, and would not know an answer to it.
            fields.drop(FieldName.EXPECT);
        }
        boolean forwards = forwarding != ForwardedFor.OFF;
        boolean continues = forwards && prepareForwarding(fields, forwarding);
        fields.copyKept(out);
        if (forwards) {
            writeAddresses(fields, continues, peer, out);
            if (fields.keepsReceived(FieldName.FORWARDED)) {
                writeElement(peer, head.encrypted(), out);
            }
            writeForwarding(head, local, out);
        }
        out.append(added);
        if (head.upgrade()) {
            out.bytes(Phrases.UPGRADE_LINE);
        }
        if (head.chunked()) {
            out.bytes(Phrases.CHUNKED_LINE);
        }
        out.crlf();
    }

    /** Writes a Host field if the one that came is not to be used, or none came, which version 1.1 does not allow. */
    private static void writeOwnHost(RequestHead head, SocketAddress local, HeadWriter out) {
        if (head.absoluteForm()) {
            head.fields().drop(FieldName.HOST);
        } else if (head.hasHost()) {
            return;
        }
        out.bytes(HOST);
        if (head.hasHost()) {
            head.writeHost(out);
        } else {
            out.bytes(Phrases.ascii(
                    local instanceof InetSocketAddress internet
                            ? NetUtil.toSocketAddressString(internet)
                            : "localhost"));
        }
        out.crlf();
    }

    /** Drops what is written anew; returns whether the addresses that the request came with are part of that. */
    private static boolean prepareForwarding(Fields fields, ForwardedFor forwarding) {
        boolean appends = forwarding == ForwardedFor.APPEND;
        boolean continues = appends && fields.keeps(FieldName.X_FORWARDED_FOR);
        fields.drop(FieldName.X_FORWARDED_FOR);
        if (!appends) {
            fields.dropReceived(FieldName.FORWARDED);
            fields.dropReceived(FieldName.X_FORWARDED_HOST);
            fields.dropReceived(FieldName.X_FORWARDED_PROTO);
            fields.dropReceived(FieldName.X_FORWARDED_PORT);
        }
        return continues;
    }

    /** Joins the addresses the request came with and the client's own in one line, as members expect it. */
    private static void writeAddresses(Fields fields, boolean continues, byte[] peer, HeadWriter out) {
        boolean any = false;
        for (int field = 0; continues && field < fields.count(); field++) {
            if (fields.name(field) == FieldName.X_FORWARDED_FOR && fields.valueStart(field) < fields.valueEnd(field)) {
                out.bytes(any ? LIST_SEPARATOR : FORWARDED_FOR);
                out.bytes(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
                any = true;
            }
        }
        if (peer.length > 0) {
            out.bytes(any ? LIST_SEPARATOR : FORWARDED_FOR);
            out.bytes(peer);
            any = true;
        }
        if (any) {
            out.crlf();
        }
    }

    /**
     * Adds an element to the {@code Forwarded} that the request came with (RFC 7239 section 4), so that the last one is
     * ours and cannot be forged.
     */
    private static void writeElement(byte[] peer, boolean encrypted, HeadWriter out) {
        out.bytes(FORWARDED);
        if (peer.length == 0) {
            out.bytes(UNKNOWN);
        } else if (isWide(peer)) {
            out.bytes(WIDE_BEGIN);
            out.bytes(peer);
            out.bytes(WIDE_END);
        } else {
            out.bytes(peer);
        }
        out.bytes(encrypted ? PROTO_TLS : PROTO);
    }

    /** Returns whether the address is one of IPv6, which only quotes and brackets make a node's name. */
    private static boolean isWide(byte[] address) {
        for (byte octet : address) {
            if (octet == ':') {
                return true;
            }
        }
        return false;
    }

    /** Says of the rest what the request does not say itself. */
    private static void writeForwarding(RequestHead head, SocketAddress local, HeadWriter out) {
        Fields fields = head.fields();
        if (head.hasHost() && !fields.keeps(FieldName.X_FORWARDED_HOST)) {
            out.bytes(FORWARDED_HOST);
            head.writeAskedHost(out);
            out.crlf();
        }
        if (!fields.keeps(FieldName.X_FORWARDED_PROTO)) {
            out.bytes(head.encrypted() ? FORWARDED_PROTO_TLS : FORWARDED_PROTO);
        }
        if (local instanceof InetSocketAddress internet && !fields.keeps(FieldName.X_FORWARDED_PORT)) {
            out.bytes(FORWARDED_PORT);
            out.number(internet.getPort());
            out.crlf();
        }
    }
}
