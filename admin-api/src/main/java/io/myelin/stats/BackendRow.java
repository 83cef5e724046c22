package io.myelin.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.failure.Failure.Origin;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolChange;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolSnapshot;
import io.myelin.pool.StickyMembers;
import io.myelin.pool.WaitingLine;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Makes the line of one pool. */
final class BackendRow {
    static final String NAME = "BACKEND";

    private final Pool pool;
    private final PoolSnapshot snapshot;
    private final Row row;

    private BackendRow(Pool pool, PoolSnapshot snapshot) {
        this.pool = pool;
        this.snapshot = snapshot;
        this.row = new Row(Row.Type.BACKEND, pool.alias(), NAME);
    }

    static Row of(Pool pool, PoolSnapshot snapshot, Moment moment) {
        BackendRow made = new BackendRow(pool, snapshot);
        made.addTraffic();
        made.addFailures();
        made.addQueue();
        made.addMembers(moment);
        made.addConstants();
        made.row.text(Column.ALGO, algorithm(pool.balance()));
        StickyMembers sticky = snapshot.sticky();
        if (sticky != null) {
            made.row.text(Column.COOKIE, new String(sticky.name(), US_ASCII));
        }
        return made.row;
    }

    /** Adds what Myelin never does, as zeros, as HAProxy has them. */
    private void addConstants() {
        row.numbers(0, Column.COMP_IN, Column.COMP_OUT, Column.COMP_BYP, Column.COMP_RSP);
        row.numbers(0, Column.CACHE_LOOKUPS, Column.CACHE_HITS, Column.WREW);
    }

    /** Returns HAProxy's word for how members are chosen. */
    private static String algorithm(BalanceConfig balance) {
        return switch (balance.policy()) {
            case ROUND_ROBIN -> "roundrobin";
            case STATIC_ROUND_ROBIN -> "static-rr";
            case LEAST_REQUEST -> "leastconn";
            case RANDOM -> "random";
            case FIRST -> "first";
            case PEAK_EWMA -> "peak_ewma";
            case HASH ->
                switch (balance.hash().key()) {
                    case SOURCE -> "source";
                    case PATH, PATH_AND_QUERY -> "uri";
                    case HEADER -> "hdr";
                    case QUERY_PARAMETER -> "url_param";
                };
        };
    }

    private void addTraffic() {
        Traffic.addTo(row, pool);
        row.number(Column.SCUR, pool.total(PoolCounter.IN_FLIGHT));
        row.number(Column.STOT, pool.total(PoolCounter.REQUESTS));
        row.number(Column.LBTOT, pool.total(PoolCounter.REQUESTS));
        row.number(Column.WRETR, pool.total(PoolCounter.RETRIES));
        row.number(Column.WREDIS, pool.total(PoolCounter.REDISPATCHES));
        row.number(Column.CONNECT, members(MemberCounter.CONNECTIONS));
        row.number(Column.REUSE, members(MemberCounter.REUSES));
        Histogram latency = pool.latency();
        row.number(Column.TTIME, Math.round(latency.getMean() / 1e3));
        row.number(Column.TTIME_MAX, latency.getMaxValue() / 1_000);
    }

    /** Sums over the members of now, as HAProxy forgets those that left, too. */
    private long members(MemberCounter counter) {
        return snapshot.members().stream()
                .mapToLong(member -> member.total(counter))
                .sum();
    }

    private void addFailures() {
        long connects =
                pool.total(Failure.NO_MEMBER) + pool.total(Failure.QUEUE_TIMEOUT) + pool.total(Failure.QUEUE_FULL);
        long upstream = 0;
        for (Failure failure : Failure.values()) {
            connects += failure.connecting() ? pool.total(failure) : 0;
            upstream += failure.origin() == Origin.UPSTREAM && !failure.connecting() ? pool.total(failure) : 0;
        }
        row.number(Column.ECON, connects);
        row.number(Column.ERESP, upstream);
        row.number(Column.DRESP, pool.total(Failure.RESPONSE_DENIED));
        row.number(Column.CLI_ABRT, pool.total(Failure.CLIENT_GONE));
        row.number(Column.SRV_ABRT, pool.total(Failure.RESPONSE_TRUNCATED));
    }

    private void addQueue() {
        WaitingLine line = snapshot.line();
        row.number(Column.QCUR, line == null ? 0 : line.waiting());
        row.number(Column.QMAX, line == null ? 0 : line.mostWaiting());
        if (line != null) {
            row.number(Column.QTIME, Math.round(line.times().getMean() / 1e3));
            row.number(Column.QTIME_MAX, line.times().getMaxValue() / 1_000);
        }
    }

    private void addMembers(Moment moment) {
        List<Member> usable =
                snapshot.members().stream().filter(Member::eligible).toList();
        long backups = usable.stream().filter(Member::backup).count();
        int weight = snapshot.eligible().stream().mapToInt(Member::weight).sum();
        boolean up = !snapshot.eligible().isEmpty();
        row.text(Column.STATUS, up ? "UP" : "DOWN");
        row.number(Column.WEIGHT, weight).number(Column.UWEIGHT, weight);
        row.number(Column.ACT, usable.size() - backups).number(Column.BCK, backups);
        row.number(Column.CHKDOWN, descents());
        row.number(Column.LASTCHG, moment.secondsSince(lastChangeMillis(up)));
    }

    /** Returns how often the last member that could take work went, as far as the pool remembers. */
    private long descents() {
        boolean up = false;
        long descents = 0;
        for (PoolChange change : pool.history()) {
            descents += up && change.eligible() == 0 ? 1 : 0;
            up = change.eligible() > 0;
        }
        return descents;
    }

    /** Returns since when the pool has been as it is, 0 if it always was, as far as it remembers. */
    private long lastChangeMillis(boolean up) {
        List<PoolChange> history = pool.history();
        long sinceMillis = 0;
        for (int i = history.size() - 1; i >= 0; i--) {
            PoolChange change = history.get(i);
            if (change.eligible() > 0 != up) {
                return sinceMillis;
            }
            sinceMillis = change.atMillis();
        }
        return history.isEmpty() || history.get(0).version() <= 2 ? 0 : sinceMillis;
    }
}
