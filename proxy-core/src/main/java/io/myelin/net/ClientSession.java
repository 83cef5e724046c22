package io.myelin.net;

/** One client connection, as the listener that accepted it sees it. Confined to its event loop. */
public interface ClientSession {
    /** Ends as soon as nothing is in flight; at once, if nothing is. */
    void drain();

    /** Ends at once, whatever is in flight. */
    void cut();
}
