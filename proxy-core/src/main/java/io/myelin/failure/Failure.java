package io.myelin.failure;

import java.util.Locale;

/**
 * Why an exchange or a tunnel did not complete as its two peers intended: the one list that logs, metrics and responses
 * share.
 */
public enum Failure {
    /** No route of the listener matches the request. */
    NO_ROUTE(Origin.PROXY, 503, Retry.NEVER),
    /** The pool has no eligible member. */
    NO_MEMBER(Origin.PROXY, 503, Retry.NEVER),
    /** No member had room before the queue timeout passed. */
    QUEUE_TIMEOUT(Origin.PROXY, 503, Retry.NEVER),
    /** No member had room, and as many as may wait were waiting. */
    QUEUE_FULL(Origin.PROXY, 503, Retry.NEVER),
    /** Every attempt to connect was refused or unreachable. */
    CONNECT_FAILED(Origin.UPSTREAM, 503, Retry.SAFE),
    /** The connect timeout passed. */
    CONNECT_TIMEOUT(Origin.UPSTREAM, 503, Retry.SAFE),
    /**
     * The member answered the TLS handshake with something else, broke it off, or agrees to nothing that is offered.
     */
    TLS_FAILED(Origin.UPSTREAM, 503, Retry.SAFE),
    /** The connect timeout passed in the middle of the TLS handshake. */
    TLS_TIMEOUT(Origin.UPSTREAM, 503, Retry.SAFE),
    /** Nobody who is trusted vouches for the member's certificate. */
    TLS_UNTRUSTED(Origin.UPSTREAM, 503, Retry.SAFE),
    /** The member's certificate names somebody else. */
    TLS_WRONG_NAME(Origin.UPSTREAM, 503, Retry.SAFE),
    /** The member's certificate has expired, or is not valid yet. */
    TLS_EXPIRED(Origin.UPSTREAM, 503, Retry.SAFE),
    /** Whoever vouched for the member's certificate revoked it. */
    TLS_REVOKED(Origin.UPSTREAM, 503, Retry.SAFE),
    /** The member closed or reset the connection before a complete response head. */
    UPSTREAM_CLOSED(Origin.UPSTREAM, 502, Retry.IF_IDEMPOTENT),
    /** The member answered with something that is not a well-formed HTTP response. */
    MALFORMED_RESPONSE(Origin.UPSTREAM, 502, Retry.NEVER),
    /** The member closed or reset the connection in the middle of the response. */
    RESPONSE_TRUNCATED(Origin.UPSTREAM, 502, Retry.NEVER),
    /** The server timeout passed without a byte from the member. */
    RESPONSE_TIMEOUT(Origin.UPSTREAM, 504, Retry.NEVER),
    /** The pool ends what a member has in progress when it goes down, or what backups have when another comes up. */
    SESSION_ENDED(Origin.PROXY, 503, Retry.NEVER),
    /** The request is not well-formed HTTP/1.1. */
    MALFORMED_REQUEST(Origin.DOWNSTREAM, 400, Retry.NEVER),
    /** The request line is longer than the listener's limit. */
    REQUEST_LINE_TOO_LONG(Origin.DOWNSTREAM, 414, Retry.NEVER),
    /** The request head is longer, or has more fields, than the listener's limit. */
    HEAD_TOO_LARGE(Origin.DOWNSTREAM, 431, Retry.NEVER),
    /** The request body is longer than the listener's limit. */
    CONTENT_TOO_LARGE(Origin.DOWNSTREAM, 413, Retry.NEVER),
    /** The request's HTTP version is not 1.0 or 1.1. */
    VERSION_NOT_SUPPORTED(Origin.DOWNSTREAM, 505, Retry.NEVER),
    /** The request head took longer than the listener allows. */
    REQUEST_TIMEOUT(Origin.DOWNSTREAM, 408, Retry.NEVER),
    /** The client sent nothing for the client timeout in the middle of a message or tunnel. */
    CLIENT_TIMEOUT(Origin.DOWNSTREAM, 408, Retry.NEVER),
    /** The client went away before its exchange was complete. */
    CLIENT_GONE(Origin.DOWNSTREAM, 499, Retry.NEVER),
    /** A rule of the listener or service refuses the client. */
    CLIENT_REFUSED(Origin.DOWNSTREAM, 403, Retry.NEVER),
    /** The connection does not begin with a well-formed PROXY protocol header, or not in time. */
    MALFORMED_PROXY_HEADER(Origin.DOWNSTREAM, 400, Retry.NEVER),
    /** The method is one this listener does not serve, such as CONNECT. */
    /** The method is one that the listener or the service does not serve: CONNECT, unless it is configured. */
    METHOD_NOT_SUPPORTED(Origin.DOWNSTREAM, 501, Retry.NEVER),
    /** A rule refuses the request. */
    DENIED(Origin.DOWNSTREAM, 403, Retry.NEVER),
    /** A rule refuses the request, and held the client for some time before it was told. */
    TARPITTED(Origin.DOWNSTREAM, 500, Retry.NEVER),
    /** A rule keeps the member's response from the client. */
    RESPONSE_DENIED(Origin.PROXY, 502, Retry.NEVER),
    /** The drain limit passed, or a defect of the proxy itself ended the exchange. */
    PROXY_STOPPED(Origin.PROXY, 503, Retry.NEVER);

    /** Which side is to blame; decides whose error counter moves. */
    public enum Origin {
        DOWNSTREAM,
        UPSTREAM,
        PROXY
    }

    /** Whether another attempt may be made. */
    public enum Retry {
        NEVER,
        /** No byte of the request reached an application. */
        SAFE,
        /** The member may have acted on the request. */
        IF_IDEMPOTENT
    }

    private final Origin origin;
    private final int status;
    private final Retry retry;
    private final String label = name().toLowerCase(Locale.ROOT);

    Failure(Origin origin, int status, Retry retry) {
        this.origin = origin;
        this.status = status;
        this.retry = retry;
    }

    public Origin origin() {
        return origin;
    }

    /** Returns the HTTP status a client is given, where one can still be given. */
    public int status() {
        return status;
    }

    /** Returns the name used in metric labels, log fields and the {@code X-Myelin-Failure} response header. */
    public String label() {
        return label;
    }

    /** Returns whether it is one of connecting to a member, so that the member knows nothing of the exchange. */
    public boolean connecting() {
        return origin == Origin.UPSTREAM && retry == Retry.SAFE;
    }

    /** Returns whether another attempt may be made after it. */
    public Retry retry() {
        return retry;
    }
}
