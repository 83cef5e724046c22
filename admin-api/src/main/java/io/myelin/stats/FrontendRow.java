package io.myelin.stats;

import io.myelin.model.Protocol;
import io.myelin.pool.Pool;
import io.myelin.server.ListenerStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes the line of one listener, at all of its addresses. */
final class FrontendRow {
    static final String NAME = "FRONTEND";

    private FrontendRow() {}

    /**
     * Returns the line of the listener that {@code addresses} belong to.
     *
     * @param addresses at least one
     * @param pool the one that all of its traffic belongs to, {@code null} if that cannot be said
     */
    static Row of(List<ListenerStatus> addresses, @Nullable Pool pool) {
        ListenerStatus first = addresses.get(0);
        Row row = new Row(Row.Type.FRONTEND, first.listener(), NAME);
        long accepted = sum(addresses);
        boolean open = addresses.stream().anyMatch(ListenerStatus::listening);
        row.number(
                Column.SCUR,
                addresses.stream().mapToLong(ListenerStatus::openConnections).sum());
        row.number(Column.STOT, accepted).number(Column.CONN_TOT, accepted);
        row.number(Column.SID, 0).number(Column.RATE_LIM, 0);
        row.numbers(0, Column.COMP_IN, Column.COMP_OUT, Column.COMP_BYP, Column.COMP_RSP);
        row.numbers(0, Column.CACHE_LOOKUPS, Column.CACHE_HITS, Column.WREW);
        int limit = first.room().limit();
        if (limit != 0) {
            row.number(Column.SLIM, limit);
        }
        row.text(Column.STATUS, open ? "OPEN" : "STOP");
        row.text(Column.MODE, mode(first.protocol()));
        if (pool != null) {
            Traffic.addTo(row, pool);
        }
        return row;
    }

    static long sum(List<ListenerStatus> addresses) {
        return addresses.stream().mapToLong(ListenerStatus::acceptedConnections).sum();
    }

    static String mode(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }
}
