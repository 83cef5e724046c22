package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.upstream.KeptConnections;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unused member connections that belong to one client, because they told their member of it in a PROXY header: they
 * carry further requests of this client and end with its connection.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class OwnConnections {
    private static final int MOST = 16;

    private final KeptConnections<MemberConnection> everybodys;
    private final List<MemberConnection> own = new ArrayList<>(1);

    /**
     * Creates an empty collection.
     *
     * @param everybodys those of all clients, by member, which closes them when their member leaves
     */
    OwnConnections(KeptConnections<MemberConnection> everybodys) {
        this.everybodys = everybodys;
    }

    /** Takes a connection out that bears {@code name}, {@code null} if there is none that can be used. */
    @Nullable
    MemberConnection take(Member member, @Nullable String name) {
        for (MemberConnection kept : own) {
            if (kept.member() == member && kept.bears(name) && kept.usable()) {
                remove(kept);
                return kept;
            }
        }
        return null;
    }

    /**
     * Takes a connection over; the one that has waited longest gives way if there are too many.
     *
     * @return whether it was kept; if not, it was discarded
     */
    boolean keep(MemberConnection connection, int limit) {
        if (own.size() >= MOST) {
            MemberConnection oldest = own.get(0);
            remove(oldest);
            oldest.discard();
        }
        boolean kept = everybodys.keep(connection.member(), connection, limit);
        if (kept) {
            own.add(connection);
        }
        return kept;
    }

    /** Forgets a connection that closed while it was kept; does nothing if it was not. */
    void remove(MemberConnection connection) {
        if (own.remove(connection)) {
            everybodys.remove(connection.member(), connection);
        }
    }

    /** Discards everything. */
    void close() {
        for (MemberConnection kept : List.copyOf(own)) {
            remove(kept);
            kept.discard();
        }
    }
}
