package io.myelin.httpd;

/** What the handlers of each connection are told of the listener that it came from. */
public enum ListenerEvent {
    /** It takes no more connections, and each ends once what is under way on it is over. */
    CLOSING
}
