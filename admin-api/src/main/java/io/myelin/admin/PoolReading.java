package io.myelin.admin;

import io.myelin.balance.Member;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at a pool, so that everything told about it belongs to the same snapshot.
 *
 * @param standings every member of the snapshot, in its order
 */
record PoolReading(
        Pool pool, PoolSnapshot snapshot, @Nullable SourceStatus source, Map<Member, Standing> standings) {
    /** A pool and what served in it at one moment. */
    record Seen(Pool pool, PoolSnapshot snapshot) {
        static Seen now(Pool pool) {
            return new Seen(pool, pool.snapshot());
        }

        String name() {
            return pool.name();
        }

        long total(PoolCounter counter) {
            return pool.total(counter);
        }
    }

    static PoolReading of(Pool pool) {
        return of(Seen.now(pool));
    }

    static PoolReading of(Seen seen) {
        Pool pool = seen.pool();
        PoolSnapshot snapshot = seen.snapshot();
        Set<Member> eligible = Set.copyOf(snapshot.eligible());
        Map<Member, Standing> standings = new LinkedHashMap<>();
        for (Member member : snapshot.members()) {
            standings.put(member, Standing.of(member, eligible.contains(member)));
        }
        return new PoolReading(pool, snapshot, pool.sourceStatus(), standings);
    }

    int count(MemberState state) {
        return (int) standings.values().stream()
                .filter(standing -> standing.state() == state)
                .count();
    }
}
