package io.myelin.net;

/** What is counted per listener and event loop. */
public enum ListenerCounter {
    /** Client connections accepted. */
    ACCEPTED,
    /** Client connections open: a gauge. */
    OPEN,
    /** Requests that were redirected before a pool was known. */
    REDIRECTS
}
