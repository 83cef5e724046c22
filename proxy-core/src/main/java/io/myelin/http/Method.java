package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The request methods whose meaning changes what a proxy does. */
@SuppressWarnings("ImmutableEnumChecker") // the array is never written
enum Method {
    GET(true),
    HEAD(true),
    OPTIONS(true),
    TRACE(true),
    PUT(true),
    DELETE(true),
    POST(false),
    PATCH(false),
    CONNECT(false),
    OTHER(false);

    private static final Method[] NAMED = {GET, HEAD, OPTIONS, TRACE, PUT, DELETE, POST, PATCH, CONNECT};

    private final boolean idempotent;
    private final byte[] token = name().getBytes(US_ASCII);

    Method(boolean idempotent) {
        this.idempotent = idempotent;
    }

    /** Returns the method that {@code bytes} between the two positions name; methods are case-sensitive. */
    static Method of(byte[] bytes, int from, int to) {
        for (Method method : NAMED) {
            if (method.token.length == to - from && matches(bytes, from, method.token)) {
                return method;
            }
        }
        return OTHER;
    }

    /** Returns whether repeating the request has no further effect (RFC 9110 section 9.2.2). */
    boolean idempotent() {
        return idempotent;
    }

    private static boolean matches(byte[] bytes, int from, byte[] token) {
        for (int i = 0; i < token.length; i++) {
            if (bytes[from + i] != token[i]) {
                return false;
            }
        }
        return true;
    }
}
