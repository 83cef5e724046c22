package io.myelin.discovery.fetch;

/** Hears a response that does not end; on the loop. */
interface Follower {
    /** The server has agreed. */
    void onOpen();

    /** One line came, without its end. */
    void onLine(String line);

    /** There will be no more; called once, unless it was the follower that ended it. */
    void onEnd(String reason);
}
