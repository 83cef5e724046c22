package io.myelin.discovery.fetch;

/** Hears a response that does not end; on the loop. */
public interface Follower {
    /** The server has agreed. */
    void onOpen();

    /** The server has answered with another {@code status} than 200; by default that is an end like any other. */
    default void onRefused(int status) {
        onEnd("status " + status + " (expected: 200)");
    }

    /** One line came, without its end. */
    void onLine(String line);

    /** There will be no more; called once, unless it was refused, or the follower that ended it. */
    void onEnd(String reason);
}
