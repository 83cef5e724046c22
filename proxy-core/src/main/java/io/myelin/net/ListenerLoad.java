package io.myelin.net;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.metrics.Counters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one event loop does for one listener. Written by that loop only.
 *
 * @param counters connections
 * @param failures exchanges that failed before they belonged to a pool, by reason
 * @param open the connections that are open; loop only
 * @param warnings keeps clients that are turned away from filling the log; loop only
 */
public record ListenerLoad(
        Counters<ListenerCounter> counters, Counters<Failure> failures, Set<ClientSession> open, Warnings warnings) {
    public ListenerLoad() {
        this(new Counters<>(ListenerCounter.class), new Counters<>(Failure.class), new HashSet<>(), new Warnings());
    }

    /** Counts a connection in of which it is not decided yet whether it may stay; it is not accepted yet. */
    public void enterProvisionally(ClientSession session) {
        open.add(session);
        counters.increment(ListenerCounter.OPEN);
    }

    /** Counts a new connection in. */
    public void enter(ClientSession session) {
        open.add(session);
        counters.increment(ListenerCounter.ACCEPTED);
        counters.increment(ListenerCounter.OPEN);
    }

    /** Counts a connection out. */
    public void leave(ClientSession session) {
        if (open.remove(session)) {
            counters.add(ListenerCounter.OPEN, -1);
        }
    }

    /** Asks every open connection to end when it can. */
    public void drain() {
        List.copyOf(open).forEach(ClientSession::drain);
    }

    /** Ends what one of {@code members} has in progress. */
    public void endFrom(Set<Member> members) {
        List.copyOf(open).forEach(session -> session.endFrom(members));
    }

    /** Ends every open connection now and returns how many there were. */
    public int cut() {
        List<ClientSession> sessions = List.copyOf(open);
        sessions.forEach(ClientSession::cut);
        return sessions.size();
    }
}
