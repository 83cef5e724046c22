package io.myelin.route;

/** What a route may ask of a request. The sequences are valid only during the call they are passed to. */
public interface RequestView {
    /** Returns the request's authority as the client wrote it, port included. */
    CharSequence host();

    /** Returns where the port of an authority begins, its colon included. */
    static int endOfName(CharSequence host) {
        int end = host.length();
        for (int i = end - 1; i >= 0 && host.charAt(i) != ']'; i--) {
            if (host.charAt(i) == ':') {
                return i;
            }
        }
        return end;
    }

    /** Returns the path of the request target, without the query. */
    CharSequence path();

    CharSequence method();
}
