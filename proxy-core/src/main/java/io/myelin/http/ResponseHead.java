package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/** A validated response head, as positions in the bytes it was parsed from. Reused from response to response. */
@OwnedBy(Owner.EVENT_LOOP)
public final class ResponseHead implements HeadBytes.Parser, EditableHead {
    /** How many fields a member may send in one head. */
    static final int MAX_FIELDS = 256;

    private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
    private static final byte[] TIMEOUT = "timeout=".getBytes(US_ASCII);
    private static final byte[] VERSION = "HTTP/1.".getBytes(US_ASCII);

    private final Fields fields = new Fields();
    private final ConnectionOptions connection = new ConnectionOptions();
    private byte[] bytes = new byte[0];
    private int minorVersion;
    private int status;
    private int reasonStart;
    private int reasonEnd;
    private int lengthField;
    private long contentLength;
    private boolean chunked;

    /**
     * Parses the head at the beginning of {@code source}.
     *
     * @return the length of the head; {@link Fields#INCOMPLETE} if it does not end within {@code length}; or
     *     {@link Fields#REJECTED}, see {@link #violation()}
     */
    @Override
    public int parse(byte[] source, int length) {
        bytes = source;
        int at = parseStatusLine(length);
        if (at < 0) {
            return at;
        }
        int end = fields.parse(source, at, length, MAX_FIELDS);
        return end < 0 ? end : interpret(end);
    }

    /** Returns the broken rule after a parse that was rejected. */
    public @Nullable Violation violation() {
        return fields.violation();
    }

    private int parseStatusLine(int limit) {
        byte[] b = bytes;
        int digits = VERSION.length + 2;
        for (int i = 0; i < Math.min(limit, VERSION.length); i++) {
            if (b[i] != VERSION[i]) {
                return fields.reject(Violation.STATUS_LINE);
            }
        }
        if (limit < digits + 4) {
            return Fields.INCOMPLETE;
        }
        byte minor = b[VERSION.length];
        if ((minor != '0' && minor != '1') || b[digits - 1] != Octets.SP) {
            return fields.reject(Violation.STATUS_LINE);
        }
        minorVersion = minor - '0';
        status = 0;
        for (int i = digits; i < digits + 3; i++) {
            if (!Octets.isDigit(b[i])) {
                return fields.reject(Violation.STATUS_LINE);
            }
            status = status * 10 + (b[i] - '0');
        }
        if (status < 100 || status > 599) {
            return fields.reject(Violation.STATUS_LINE);
        }
        return parseReason(digits + 3, limit);
    }

    /** Accepts a status line that ends right after the status, as some servers send it. */
    private int parseReason(int from, int limit) {
        byte[] b = bytes;
        if (b[from] != Octets.SP && b[from] != Octets.CR) {
            return fields.reject(Violation.STATUS_LINE);
        }
        reasonStart = b[from] == Octets.SP ? from + 1 : from;
        reasonEnd = Octets.endOfFieldValue(b, reasonStart, limit);
        if (reasonEnd + 1 >= limit) {
            return Fields.INCOMPLETE;
        }
        if (b[reasonEnd] != Octets.CR || b[reasonEnd + 1] != Octets.LF) {
            return fields.reject(Violation.STATUS_LINE);
        }
        return reasonEnd + 2;
    }

    private int interpret(int end) {
        contentLength = -1;
        lengthField = -1;
        chunked = false;
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
        return end;
    }

    private @Nullable Violation interpret(FieldName name, int field) {
        switch (name) {
            case CONTENT_LENGTH -> {
                long length = fields.number(field);
                if (contentLength >= 0 || length < 0) {
                    return Violation.CONTENT_LENGTH;
                }
                contentLength = length;
                lengthField = field;
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
            default -> {}
        }
        return null;
    }

    @Override
    public Fields fields() {
        return fields;
    }

    @Override
    public void writeStartLine(HeadWriter out) {
        writeStatusLine(out);
    }

    @Override
    public void onBytesMoved() {
        bytes = fields.bytes();
    }

    int minorVersion() {
        return minorVersion;
    }

    public int status() {
        return status;
    }

    boolean interim() {
        return status < 200;
    }

    /** Returns whether the status forbids a body (RFC 9110 section 6.4.1). */
    boolean bodiless() {
        return interim() || status == 204 || status == 304;
    }

    /** Returns the declared length of the body, -1 if none is declared. */
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    /** Returns whether the member takes another request on the same connection, if this response's end is known. */
    boolean keepAlive() {
        return minorVersion == 1 ? !connection.close() : connection.keepAlive() && !connection.close();
    }

    /** Returns how long the member keeps an unused connection, in seconds; -1 if it does not say. */
    long keepAliveSeconds() {
        if (!fields.has(FieldName.KEEP_ALIVE)) {
            return -1;
        }
        for (int field = 0; field < fields.count(); field++) {
            if (fields.name(field) == FieldName.KEEP_ALIVE) {
                return fields.parameter(field, TIMEOUT);
            }
        }
        return -1;
    }

    /** Leaves a declared length out of what is forwarded. */
    void dropContentLength() {
        if (lengthField >= 0) {
            fields.drop(lengthField);
        }
    }

    /** Writes the status line that a client is sent. */
    void writeStatusLine(HeadWriter out) {
        out.bytes(Phrases.STATUS_LINE);
        out.number(status);
        out.one(Octets.SP);
        out.bytes(bytes, reasonStart, reasonEnd);
        out.crlf();
    }
}
