package io.myelin.admin;

import io.myelin.balance.Slots;
import org.jspecify.annotations.Nullable;

/**
 * How much a member may have to do at once, as JSON.
 *
 * @param taken how many requests and tunnels count against the limit now
 * @param limit how many may, {@code null} for any number
 * @param waiting how many wait for this member and no other
 * @param mostWaiting the most that ever did at once
 * @param waitingLimit how many may, {@code null} for any number
 */
record SlotsView(
        int taken,
        @Nullable Integer limit,
        int waiting,
        int mostWaiting,
        @Nullable Integer waitingLimit) {
    static @Nullable SlotsView of(@Nullable Slots slots) {
        return slots == null
                ? null
                : new SlotsView(
                        slots.taken(),
                        QueueView.finite(slots.limit()),
                        slots.waiting(),
                        slots.mostWaiting(),
                        QueueView.finite(slots.waitingLimit()));
    }
}
