package io.myelin.route;

/** What a route may ask of a request. The sequences are valid only during the call they are passed to. */
public interface RequestView {
    /** Returns the request's authority as the client wrote it, port included. */
    CharSequence host();

    /** Returns the path of the request target, without the query. */
    CharSequence path();

    CharSequence method();
}
