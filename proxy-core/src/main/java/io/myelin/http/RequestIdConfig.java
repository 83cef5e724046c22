package io.myelin.http;

/**
 * How requests get an identity that logs along their way can share.
 *
 * @param mode whether they get one
 * @param header the field that carries it
 * @param form what it looks like
 */
public record RequestIdConfig(Mode mode, String header, Form form) {
    /** What {@link #mayCarry} accepts, for messages. */
    public static final String HEADERS = "the name of a header field that means nothing to a proxy";

    /** One is made for each request that brings none. */
    public static final RequestIdConfig DEFAULT = new RequestIdConfig(Mode.KEEP, "X-Request-Id", Form.HEX);

    /** Requests travel as they came. */
    public static final RequestIdConfig OFF = new RequestIdConfig(Mode.OFF, "X-Request-Id", Form.HEX);

    /** Whether a request gets an identity. */
    public enum Mode {
        /** The field travels unchanged, like any other. */
        OFF,
        /** What a request brings is kept if it is well-formed; otherwise one is made. */
        KEEP,
        /** One is made for every request, in place of what it brings. */
        GENERATE
    }

    /** What an identity looks like. */
    public enum Form {
        /** 32 hexadecimal digits. */
        HEX,
        /** The same in the layout of RFC 9562, version 4. */
        UUID,
        /**
         * The addresses and ports of both ends of the connection, the time, a counter and the process, in hexadecimal:
         * the example of {@code unique-id-format} in HAProxy's manual, section 4.2.
         */
        CONNECTION
    }

    public RequestIdConfig {
        if (!mayCarry(header)) {
            throw new IllegalArgumentException("header: " + header + " (expected: " + HEADERS + ")");
        }
    }

    /** Returns whether a field of that name can carry an identity: one that means nothing else to a proxy. */
    public static boolean mayCarry(String header) {
        byte[] name = Phrases.ascii(header);
        FieldName known = Octets.isToken(header) ? FieldName.of(name, 0, name.length) : FieldName.HOST;
        return known == FieldName.OTHER || known == FieldName.X_REQUEST_ID;
    }
}
