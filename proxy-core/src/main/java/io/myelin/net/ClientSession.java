package io.myelin.net;

import io.myelin.balance.Member;
import java.util.Set;

/** One client connection, as the listener that accepted it sees it. Confined to its event loop. */
public interface ClientSession {
    /** Ends as soon as nothing is in flight; at once, if nothing is. */
    void drain();

    /** Ends at once, whatever is in flight. */
    void cut();

    /** Ends what one of {@code members} has in progress, if it has something to do for this client. */
    default void endFrom(Set<Member> members) {}
}
