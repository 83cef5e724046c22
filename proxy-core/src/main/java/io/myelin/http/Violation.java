package io.myelin.http;

import io.myelin.failure.Failure;
import java.util.Locale;

/** A rule of HTTP/1 that a peer broke, with the clause that states it. */
public enum Violation {
    METHOD("RFC 9112 section 3.1", Failure.MALFORMED_REQUEST),
    TARGET("RFC 9112 section 3.2", Failure.MALFORMED_REQUEST),
    REQUEST_LINE("RFC 9112 section 3", Failure.MALFORMED_REQUEST),
    REQUEST_LINE_LENGTH("RFC 9112 section 3", Failure.REQUEST_LINE_TOO_LONG),
    VERSION("RFC 9112 section 2.3", Failure.VERSION_NOT_SUPPORTED),
    STATUS_LINE("RFC 9112 section 4", Failure.MALFORMED_RESPONSE),
    LINE_END("RFC 9112 section 2.2", Failure.MALFORMED_REQUEST),
    FIELD_NAME("RFC 9112 section 5.1", Failure.MALFORMED_REQUEST),
    FIELD_VALUE("RFC 9110 section 5.5", Failure.MALFORMED_REQUEST),
    LINE_FOLDING("RFC 9112 section 5.2", Failure.MALFORMED_REQUEST),
    HEAD_LENGTH("RFC 6585 section 5", Failure.HEAD_TOO_LARGE),
    FIELD_COUNT("RFC 6585 section 5", Failure.HEAD_TOO_LARGE),
    CONNECTION_OPTIONS("RFC 6585 section 5", Failure.HEAD_TOO_LARGE),
    HOST("RFC 9112 section 3.2", Failure.MALFORMED_REQUEST),
    CONTENT_LENGTH("RFC 9112 section 6.3", Failure.MALFORMED_REQUEST),
    TRANSFER_ENCODING("RFC 9112 section 6.1", Failure.MALFORMED_REQUEST),
    LENGTH_AND_ENCODING("RFC 9112 section 6.3", Failure.MALFORMED_REQUEST),
    CHUNK("RFC 9112 section 7.1", Failure.MALFORMED_REQUEST),
    CONNECT_CONTENT("RFC 9110 section 9.3.6", Failure.MALFORMED_REQUEST),
    TRAILER_LENGTH("RFC 6585 section 5", Failure.HEAD_TOO_LARGE),
    METHOD_NOT_SERVED("RFC 9110 section 9.3.6", Failure.METHOD_NOT_SUPPORTED),
    INTERIM_RESPONSES("RFC 9110 section 15.2", Failure.MALFORMED_RESPONSE),
    SWITCHING_PROTOCOLS("RFC 9110 section 7.8", Failure.MALFORMED_RESPONSE);

    private final String clause;
    private final Failure failure;
    private final String label = name().toLowerCase(Locale.ROOT);

    Violation(String clause, Failure failure) {
        this.clause = clause;
        this.failure = failure;
    }

    /** Returns the name used in metric labels and log fields. */
    public String label() {
        return label;
    }

    /** Returns where the broken rule is written. */
    public String clause() {
        return clause;
    }

    /** Returns what a client is told; a member that breaks a rule is always {@link Failure#MALFORMED_RESPONSE}. */
    public Failure failure() {
        return failure;
    }
}
