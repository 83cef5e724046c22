package io.myelin.admin;

import io.myelin.balance.Slots;
import io.myelin.pool.WaitingLine;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a member of a pool that has room, as JSON.
 *
 * @param waiting how many wait now
 * @param mostWaiting the most that ever waited at once
 * @param limit how many may, {@code null} for any number
 * @param total how many have waited so far
 * @param time how long they waited
 */
record QueueView(int waiting, int mostWaiting, @Nullable Integer limit, long total, LatencyView time) {
    static @Nullable QueueView of(@Nullable WaitingLine line) {
        return line == null
                ? null
                : new QueueView(
                        line.waiting(),
                        line.mostWaiting(),
                        finite(line.limit()),
                        line.queued(),
                        LatencyView.of(line.times()));
    }

    /** Returns a limit as operators are shown it, {@code null} if there is none. */
    static @Nullable Integer finite(int limit) {
        return limit == Slots.UNLIMITED ? null : limit;
    }
}
