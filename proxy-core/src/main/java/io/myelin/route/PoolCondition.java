package io.myelin.route;

import io.myelin.balance.Member;
import io.myelin.balance.Slots;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolSnapshot;
import io.myelin.pool.WaitingLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds if a pool, which need not be the one that takes the request, has as much to offer as {@code numbers} say. What
 * it looks at is the pool's snapshot of the moment and a few counters; it never waits.
 *
 * <p>A {@link RouteTable} gives it the pool; without one, and for a pool that is not there, it measures nothing: 0.
 *
 * @param name of the pool
 * @param pool {@code null} until it is known
 */
public record PoolCondition(
        Measure measure,
        String name,
        Numbers numbers,
        @Nullable Pool pool) implements Condition {
    /** Creates a condition on a pool that is still to be found. */
    public PoolCondition(Measure measure, String name, Numbers numbers) {
        this(measure, name, numbers, null);
    }

    /** What is measured, with HAProxy's meanings. */
    public enum Measure {
        /** How many members can be chosen: backups count when they would serve. {@code nbsrv} */
        MEMBERS {
            @Override
            long of(Pool pool) {
                return pool.snapshot().eligible().size();
            }
        },
        /**
         * How many more requests its members could take or let wait, -1 if any of them takes or lets wait whatever
         * comes. Those who wait for any member count as waiting for one. {@code connslots}
         */
        FREE_SLOTS {
            @Override
            long of(Pool pool) {
                PoolSnapshot snapshot = pool.snapshot();
                long room = 0;
                List<Member> members = snapshot.eligible();
                for (int i = 0; i < members.size(); i++) {
                    Slots slots = members.get(i).slots();
                    if (slots == null || slots.limit() == Slots.UNLIMITED || slots.waitingLimit() == Slots.UNLIMITED) {
                        return -1;
                    }
                    room += Math.max(0, slots.limit() - slots.taken()) + slots.waitingLimit();
                }
                WaitingLine line = snapshot.line();
                return line == null ? room : Math.max(0, room - line.waiting());
            }
        },
        /** How many requests and tunnels it has in progress, those that wait included. {@code be_conn} */
        IN_PROGRESS {
            @Override
            long of(Pool pool) {
                return pool.total(PoolCounter.IN_FLIGHT);
            }
        },
        /** How many of them wait. {@code queue} */
        WAITING {
            @Override
            long of(Pool pool) {
                WaitingLine line = pool.snapshot().line();
                return line == null ? 0 : line.waiting();
            }
        };

        abstract long of(Pool pool);
    }

    /** Returns the same condition on the pool called {@code newName}. */
    public PoolCondition on(String newName) {
        return new PoolCondition(measure, newName, numbers, null);
    }

    /** Returns the same condition on {@code found}, {@code null} if there is no such pool. */
    PoolCondition on(@Nullable Pool found) {
        return new PoolCondition(measure, name, numbers, found);
    }

    @Override
    public boolean holds(RequestView request) {
        return numbers.contains(pool == null ? 0 : measure.of(pool));
    }
}
