package io.myelin.upstream;

import io.myelin.balance.Member;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unused connections of one event loop, by member; the one used last is taken first. */
@OwnedBy(Owner.EVENT_LOOP)
public final class KeptConnections<C extends KeptConnection> {
    private final IdentityHashMap<Member, List<C>> byMember = new IdentityHashMap<>();

    /** Takes a connection out, {@code null} if there is none. */
    public @Nullable C take(Member member) {
        List<C> kept = byMember.get(member);
        return kept == null || kept.isEmpty() ? null : kept.remove(kept.size() - 1);
    }

    /** Takes one out that {@linkplain KeptConnection#bears bears} {@code name}, {@code null} if there is none. */
    public @Nullable C take(Member member, @Nullable String name) {
        List<C> kept = byMember.getOrDefault(member, List.of());
        for (int i = kept.size() - 1; i >= 0; i--) {
            C connection = kept.get(i);
            if (connection.bears(name)) {
                remove(member, connection);
                return connection;
            }
        }
        return null;
    }

    /** Discards one of those that have waited for long, so that there is room for another name. */
    public void discardOne(Member member) {
        List<C> kept = byMember.get(member);
        if (kept != null && !kept.isEmpty()) {
            C connection = kept.get(0);
            remove(member, connection);
            connection.discard();
        }
    }

    /**
     * Takes a connection over.
     *
     * @return whether it was kept; if not, because the member has left its pool or there are {@code limit} already, it
     *     was discarded
     */
    public boolean keep(Member member, C connection, int limit) {
        List<C> kept = byMember.computeIfAbsent(member, any -> new ArrayList<>());
        if (member.retired() || kept.size() >= limit) {
            forgetIfEmpty(member, kept);
            connection.discard();
            return false;
        }
        connection.place(kept.size());
        kept.add(connection);
        return true;
    }

    /** Forgets a connection that closed while it was kept; does nothing if it was not. */
    public void remove(Member member, C connection) {
        List<C> kept = byMember.get(member);
        int place = connection.place();
        if (kept == null || place >= kept.size() || kept.get(place) != connection) {
            return;
        }
        C last = kept.remove(kept.size() - 1);
        if (last != connection) {
            last.place(place);
            kept.set(place, last);
        }
        forgetIfEmpty(member, kept);
    }

    /** Discards every connection to {@code member}. */
    public void discard(Member member) {
        List<C> kept = byMember.remove(member);
        if (kept != null) {
            kept.forEach(KeptConnection::discard);
        }
    }

    /** Discards everything. */
    public void discardAll() {
        List.copyOf(byMember.keySet()).forEach(this::discard);
    }

    /** Returns how many connections are kept to {@code member}. */
    public int count(Member member) {
        List<C> kept = byMember.get(member);
        return kept == null ? 0 : kept.size();
    }

    private void forgetIfEmpty(Member member, List<C> kept) {
        if (kept.isEmpty()) {
            byMember.remove(member);
        }
    }
}
