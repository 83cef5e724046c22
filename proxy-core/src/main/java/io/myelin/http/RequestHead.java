package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.balance.HashConfig;
import io.myelin.balance.KeyHash;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/**
 * A validated request head, as positions in the bytes it was parsed from. Reused from request to request.
 *
 * <p>Accepts what RFC 9112 allows a client to send and nothing that two readers could understand differently.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class RequestHead implements ClientView, HeadBytes.Parser, EditableHead {
    private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(US_ASCII);
    private static final byte[] TRAILERS = "trailers".getBytes(US_ASCII);
    private static final byte[] HTTP = "http://".getBytes(US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(US_ASCII);
    private static final byte[] VERSION = "HTTP/".getBytes(US_ASCII);
    private static final byte[] ROOT = {'/'};

    /** More than any client sends by mistake; each costs another look when the head arrives byte by byte. */
    private static final int MOST_EMPTY_LINES = 8;

    private final Fields fields = new Fields();
    private final ConnectionOptions connection = new ConnectionOptions();
    private final Slice hostView = new Slice();
    private final Slice pathView = new Slice();
    private final Slice methodView = new Slice();
    private final Slice queryView = new Slice();
    private final Slice targetView = new Slice();
    private final Slice valueView = new Slice();
    private @Nullable ClientConnection client;
    private ClientConfig limits = ClientConfig.DEFAULT;
    private byte[] bytes = new byte[0];
    private Method method = Method.OTHER;
    private int methodEnd;
    private int methodStart;
    private int targetStart;
    private int targetEnd;
    private int minorVersion;
    private int hostStart;
    private int hostEnd;
    /** What the client asked for, where a rule has put another host in its place. */
    private int askedHostStart;

    private int askedHostEnd;
    private boolean hostReplaced;
    private boolean absoluteForm;
    private long contentLength;
    private boolean chunked;
    private boolean expectsContinue;

    /** Makes {@code newLimits} those of the coming parses. */
    public RequestHead within(ClientConfig newLimits) {
        limits = newLimits;
        return this;
    }

    /**
     * Parses the head at the beginning of {@code source}.
     *
     * @param length how many bytes of {@code source} were received
     * @return the length of the head; {@link Fields#INCOMPLETE} if it does not end within {@code length}; or
     *     {@link Fields#REJECTED}, see {@link #violation()}
     */
    @Override
    public int parse(byte[] source, int length) {
        bytes = source;
        int lineStart = skipEmptyLines(source, length);
        if (lineStart > 2 * MOST_EMPTY_LINES) {
            return fields.reject(Violation.REQUEST_LINE);
        }
        int mostBytes = limits.maxRequestLineBytes();
        int at = parseRequestLine(lineStart, lineStart + Math.min(length - lineStart, mostBytes));
        if (at == Fields.INCOMPLETE && length - lineStart >= mostBytes) {
            return fields.reject(Violation.REQUEST_LINE_LENGTH);
        }
        if (at < 0) {
            return at;
        }
        int end = fields.parse(source, at, length, limits.maxHeaderFields());
        return end < 0 ? end : interpret(end);
    }

    /** Returns the broken rule after a parse that was rejected. */
    public @Nullable Violation violation() {
        return fields.violation();
    }

    /** RFC 9112 section 2.2: an empty line before the request line is to be ignored. */
    private static int skipEmptyLines(byte[] source, int length) {
        int at = 0;
        while (at + 1 < length
                && at <= 2 * MOST_EMPTY_LINES
                && source[at] == Octets.CR
                && source[at + 1] == Octets.LF) {
            at += 2;
        }
        return at;
    }

    private int parseRequestLine(int from, int limit) {
        byte[] b = bytes;
        int at = from;
        while (at < limit && Octets.isToken(b[at])) {
            at++;
        }
        if (at == limit) {
            return Fields.INCOMPLETE;
        }
        if (at == from || b[at] != Octets.SP) {
            boolean lineEnd = at == from && b[at] == Octets.CR && at + 1 == limit;
            return lineEnd ? Fields.INCOMPLETE : fields.reject(Violation.METHOD);
        }
        methodStart = from;
        methodEnd = at++;
        targetStart = at;
        at = Octets.endOfTarget(b, at, limit);
        if (at == limit) {
            return Fields.INCOMPLETE;
        }
        if (at == targetStart || b[at] != Octets.SP) {
            return fields.reject(Violation.TARGET);
        }
        targetEnd = at++;
        return parseVersion(at, limit);
    }

    private int parseVersion(int from, int limit) {
        byte[] b = bytes;
        for (int i = 0; i < VERSION.length; i++) {
            if (from + i == limit) {
                return Fields.INCOMPLETE;
            }
            if (b[from + i] != VERSION[i]) {
                return fields.reject(Violation.REQUEST_LINE);
            }
        }
        int at = from + VERSION.length;
        if (at + 5 > limit) {
            return Fields.INCOMPLETE;
        }
        if (!Octets.isDigit(b[at]) || b[at + 1] != '.' || !Octets.isDigit(b[at + 2])) {
            return fields.reject(Violation.REQUEST_LINE);
        }
        if (b[at] != '1' || b[at + 2] > '1') {
            return fields.reject(Violation.VERSION);
        }
        if (b[at + 3] != Octets.CR || b[at + 4] != Octets.LF) {
            return fields.reject(Violation.LINE_END);
        }
        minorVersion = b[at + 2] - '0';
        return at + 5;
    }

    private int interpret(int end) {
        method = Method.of(bytes, methodStart, methodEnd);
        contentLength = -1;
        chunked = false;
        expectsContinue = false;
        hostStart = -1;
        hostReplaced = false;
        connection.clear();
        for (int field = 0; field < fields.count(); field++) {
            Violation broken = interpret(fields.name(field), field);
            if (broken != null) {
                return fields.reject(broken);
            }
        }
        connection.dropNominated(fields);
        if (chunked && contentLength >= 0) {
            return fields.reject(Violation.LENGTH_AND_ENCODING);
        }
        if (chunked && minorVersion == 0) {
            return fields.reject(Violation.TRANSFER_ENCODING);
        }
        Violation broken = interpretTarget();
        return broken == null ? end : fields.reject(broken);
    }

    private @Nullable Violation interpret(FieldName name, int field) {
        switch (name) {
            case HOST -> {
                if (hostStart >= 0 || !Authority.valid(bytes, fields.valueStart(field), fields.valueEnd(field))) {
                    return Violation.HOST;
                }
                hostStart = fields.valueStart(field);
                hostEnd = fields.valueEnd(field);
            }
            case CONTENT_LENGTH -> {
                if (contentLength >= 0) {
                    return Violation.CONTENT_LENGTH;
                }
                contentLength = fields.number(field);
                return contentLength < 0 ? Violation.CONTENT_LENGTH : null;
            }
            case TRANSFER_ENCODING -> {
                if (chunked || !fields.valueIs(field, CHUNKED)) {
                    return Violation.TRANSFER_ENCODING;
                }
                chunked = true;
            }
            case CONNECTION -> {
                if (!connection.add(bytes, fields.valueStart(field), fields.valueEnd(field))) {
                    return Violation.CONNECTION_OPTIONS;
                }
            }
            case EXPECT -> expectsContinue = fields.valueIs(field, CONTINUE);
            default -> {}
        }
        return null;
    }

    private @Nullable Violation interpretTarget() {
        absoluteForm = false;
        boolean connects = method == Method.CONNECT;
        if (connects && !limits.connect()) {
            return Violation.METHOD_NOT_SERVED;
        }
        if (hostStart < 0 && minorVersion == 1) {
            return Violation.HOST;
        }
        if (connects) {
            return interpretAuthorityForm();
        }
        byte first = bytes[targetStart];
        if (first == '/') {
            return null;
        }
        if (first == '*') {
            boolean alone = targetEnd == targetStart + 1 && method == Method.OPTIONS;
            return alone ? null : Violation.TARGET;
        }
        return interpretAbsoluteForm();
    }

    /** RFC 9112 section 3.2.3: host and port, which a Host field repeats; what follows the head is not content. */
    private @Nullable Violation interpretAuthorityForm() {
        int colon = targetEnd - 1;
        while (colon > targetStart && Octets.isDigit(bytes[colon])) {
            colon--;
        }
        if (colon == targetEnd - 1 || bytes[colon] != ':' || !Authority.valid(bytes, targetStart, targetEnd)) {
            return Violation.TARGET;
        }
        if (chunked || contentLength > 0) {
            return Violation.CONNECT_CONTENT;
        }
        if (hostStart < 0) {
            hostStart = targetStart;
            hostEnd = targetEnd;
            return null;
        }
        boolean same = hostIs(targetEnd) || hostIs(colon);
        return same ? null : Violation.HOST;
    }

    /** Returns whether Host says what the target says up to {@code end}. */
    private boolean hostIs(int end) {
        if (hostEnd - hostStart != end - targetStart) {
            return false;
        }
        for (int i = 0; i < hostEnd - hostStart; i++) {
            if (Octets.lower(bytes[hostStart + i]) != Octets.lower(bytes[targetStart + i])) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9112 section 3.2.2: the authority of the target takes the place of what Host said. */
    private @Nullable Violation interpretAbsoluteForm() {
        int authority = targetStart + schemeLength();
        if (authority == targetStart) {
            return Violation.TARGET;
        }
        int path = authority;
        while (path < targetEnd && bytes[path] != '/' && bytes[path] != '?') {
            path++;
        }
        if (!Authority.valid(bytes, authority, path)) {
            return Violation.TARGET;
        }
        absoluteForm = true;
        hostStart = authority;
        hostEnd = path;
        targetStart = path;
        return null;
    }

    private int schemeLength() {
        int rest = targetEnd - targetStart;
        if (rest > HTTP.length && Octets.equalsIgnoreCase(bytes, targetStart, targetStart + HTTP.length, HTTP)) {
            return HTTP.length;
        }
        boolean secure =
                rest > HTTPS.length && Octets.equalsIgnoreCase(bytes, targetStart, targetStart + HTTPS.length, HTTPS);
        return secure ? HTTPS.length : 0;
    }

    /** Says whose request this is. */
    void from(ClientConnection newClient) {
        client = newClient;
    }

    @Override
    public Fields fields() {
        return fields;
    }

    @Override
    public void writeStartLine(HeadWriter out) {
        writeRequestLine(out);
    }

    @Override
    public void onBytesMoved() {
        bytes = fields.bytes();
    }

    /** Says that a valid Host field was added, which takes the place of what the client asked for. */
    void onHostAppended() {
        if (!hostReplaced) {
            hostReplaced = true;
            askedHostStart = hostStart;
            askedHostEnd = hostEnd;
        }
        int field = fields.count() - 1;
        for (int earlier = 0; earlier < field; earlier++) {
            if (fields.name(earlier) == FieldName.HOST) {
                fields.remove(earlier);
            }
        }
        hostStart = fields.valueStart(field);
        hostEnd = fields.valueEnd(field);
    }

    /**
     * Puts the authority of a target in absolute form into a Host field, in the place of what that says (RFC 9112
     * section 3.2.2).
     *
     * @param line scratch space
     */
    void adoptAuthority(HeadWriter line) {
        if (absoluteForm && !hostReplaced) {
            line.text("Host: ");
            int valueStart = line.length();
            writeHost(line);
            line.crlf();
            fields.append(line, "Host".length(), valueStart);
            onBytesMoved();
            onHostAppended();
        }
    }

    /** Makes {@code target} that of the request; returns whether it is one in origin form. */
    boolean setTarget(HeadWriter target) {
        int length = target.length();
        boolean valid =
                length > 0 && target.bytes()[0] == '/' && Octets.endOfTarget(target.bytes(), 0, length) == length;
        if (valid) {
            targetStart = fields.place(target);
            targetEnd = targetStart + length;
            onBytesMoved();
        }
        return valid;
    }

    /** Makes {@code token}, a method and the space behind it, that of the request. */
    void setMethod(HeadWriter token) {
        methodStart = fields.place(token);
        methodEnd = methodStart + token.length() - 1;
        onBytesMoved();
        method = Method.of(bytes, methodStart, methodEnd);
    }

    /** Makes {@code line}, without its end, the request line; returns whether it is one that may take its place. */
    boolean replaceRequestLine(HeadWriter line) {
        byte[] b = line.bytes();
        int end = line.length();
        int space = 0;
        while (space < end && Octets.isToken(b[space])) {
            space++;
        }
        int target = space + 1;
        int after = Octets.endOfTarget(b, Math.min(target, end), end);
        boolean valid = space > 0
                && target < after
                && b[space] == Octets.SP
                && b[target] == '/'
                && after < end
                && b[after] == Octets.SP;
        Method replaced = valid ? Method.of(b, 0, space) : method;
        boolean framedAlike = replaced == method || (replaced != Method.CONNECT && framesAlike(replaced));
        if (!valid || !framedAlike) {
            return false;
        }
        methodStart = fields.place(line);
        methodEnd = methodStart + space;
        targetStart = methodStart + target;
        targetEnd = methodStart + after;
        method = replaced;
        onBytesMoved();
        return true;
    }

    /** Returns whether a response to that method ends where one to this method does. */
    private boolean framesAlike(Method other) {
        return (method == Method.HEAD) == (other == Method.HEAD);
    }

    /** Returns the target as it was received, one character per byte; if it was cut, its end says by how much. */
    String target(int most) {
        int from = methodEnd + 1;
        int length = targetEnd - from;
        String kept = new String(bytes, from, Math.min(length, most), ISO_8859_1);
        return length <= most ? kept : kept + "...[+" + (length - most) + "]";
    }

    Method knownMethod() {
        return method;
    }

    int minorVersion() {
        return minorVersion;
    }

    /** Returns the declared length of the body, -1 if none is declared. */
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    boolean expectsContinue() {
        return expectsContinue && minorVersion == 1;
    }

    /** Returns whether the client wants to send another request on the same connection. */
    boolean keepAlive() {
        return minorVersion == 1 ? !connection.close() : connection.keepAlive() && !connection.close();
    }

    /** Returns whether the client takes trailer fields in the response (RFC 9110 section 10.1.4). */
    boolean takesTrailers() {
        if (!fields.has(FieldName.TE) || !connection.te() || minorVersion == 0) {
            return false;
        }
        for (int field = 0; field < fields.count(); field++) {
            if (fields.name(field) == FieldName.TE && fields.lists(field, TRAILERS)) {
                return true;
            }
        }
        return false;
    }

    /** Returns which trailer fields of the request travel on, {@code null} if none can. */
    @Nullable
    TrailerRules trailers() {
        return chunked && fields.has(FieldName.TRAILER) ? TrailerRules.ofAnnounced(fields) : null;
    }

    /** Returns whether the client asks to speak another protocol after this request. */
    boolean upgrade() {
        return connection.upgrade() && minorVersion == 1 && fields.has(FieldName.UPGRADE);
    }

    /**
     * Returns what makes requests go to the same member.
     *
     * @param client the client's address, as text
     * @return a {@link KeyHash} as an unsigned number, -1 if the request lacks what {@code hash} names
     */
    long key(HashConfig hash, byte[] client) {
        return switch (hash.key()) {
            case SOURCE -> client.length == 0 ? -1 : keyOf(client, 0, client.length);
            case PATH -> keyOf(bytes, targetStart, endOfPath());
            case PATH_AND_QUERY -> keyOf(bytes, targetStart, targetEnd);
            case HEADER -> headerKey(hash.name());
            case QUERY_PARAMETER -> parameterKey(hash.name());
        };
    }

    private long headerKey(String name) {
        int field = fields.find(name);
        return field < 0 ? -1 : keyOf(bytes, fields.valueStart(field), fields.valueEnd(field));
    }

    private long parameterKey(String name) {
        int at = endOfPath() + 1;
        while (at < targetEnd) {
            int end = at;
            while (end < targetEnd && bytes[end] != '&') {
                end++;
            }
            int value = at + name.length() + 1;
            if (value <= end && bytes[value - 1] == '=' && spells(name, at)) {
                return keyOf(bytes, value, end);
            }
            at = end + 1;
        }
        return -1;
    }

    private boolean spells(String name, int from) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int endOfPath() {
        int end = targetStart;
        while (end < targetEnd && bytes[end] != '?') {
            end++;
        }
        return end;
    }

    private static long keyOf(byte[] source, int from, int to) {
        return KeyHash.of(source, from, to) & 0xffff_ffffL;
    }

    boolean hasHost() {
        return hostStart >= 0;
    }

    @Override
    public CharSequence host() {
        hostView.set(bytes, Math.max(hostStart, 0), hostStart < 0 ? 0 : hostEnd);
        return hostView;
    }

    @Override
    public CharSequence path() {
        if (hasNoPath()) {
            pathView.set(ROOT, 0, ROOT.length);
            return pathView;
        }
        pathView.set(bytes, targetStart, endOfPath());
        return pathView;
    }

    @Override
    public CharSequence method() {
        methodView.set(bytes, methodStart, methodEnd);
        return methodView;
    }

    @Override
    public CharSequence query() {
        queryView.set(bytes, Math.min(endOfPath() + 1, targetEnd), targetEnd);
        return queryView;
    }

    @Override
    public CharSequence target() {
        if (hasNoPath() && targetStart == targetEnd) {
            return path();
        }
        targetView.set(bytes, targetStart, targetEnd);
        return targetView;
    }

    @Override
    public int field(String name, int previous) {
        return fields.find(name, previous + 1);
    }

    @Override
    public CharSequence value(int field) {
        valueView.set(bytes, fields.valueStart(field), fields.valueEnd(field));
        return valueView;
    }

    @Override
    public @Nullable ClientConnection client() {
        return client;
    }

    /** Writes the request line that a member is sent: the client's own, in origin form and version 1.1. */
    void writeRequestLine(HeadWriter out) {
        out.bytes(bytes, methodStart, methodEnd + 1);
        if (hasNoPath()) {
            // RFC 9112 section 3.2.4: such a request for options concerns the server as a whole.
            boolean whole = method == Method.OPTIONS && targetStart == targetEnd;
            out.one((byte) (whole ? '*' : '/'));
        }
        out.bytes(bytes, targetStart, targetEnd);
        out.bytes(Phrases.VERSION_LINE_END);
    }

    /** Returns whether the target is in absolute form and goes from its authority straight to its query or end. */
    private boolean hasNoPath() {
        return absoluteForm && (targetStart == targetEnd || bytes[targetStart] != '/');
    }

    /** Writes the authority that the request is for. */
    void writeHost(HeadWriter out) {
        if (hostStart >= 0) {
            out.bytes(bytes, hostStart, hostEnd);
        }
    }

    /** Writes the authority that the client asked for, whatever rules have put in its place. */
    void writeAskedHost(HeadWriter out) {
        if (hostReplaced && askedHostStart >= 0) {
            out.bytes(bytes, askedHostStart, askedHostEnd);
        } else {
            writeHost(out);
        }
    }

    boolean absoluteForm() {
        return absoluteForm;
    }
}
