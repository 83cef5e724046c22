package io.myelin.net;

/** What is counted per listener and event loop. */
public enum ListenerCounter {
    /** Client connections accepted. */
    ACCEPTED,
    /** Client connections open: a gauge. */
    OPEN,
    /** Client connections that had to wait for others to end, because of a limit. */
    WAITED,
    /** Those that wait now: a gauge. */
    WAITING,
    /** Requests that were redirected before a pool was known. */
    REDIRECTS
}
