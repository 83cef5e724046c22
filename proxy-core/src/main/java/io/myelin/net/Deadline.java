package io.myelin.net;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/**
 * A moment after which something is over, which can be moved as often as bytes arrive for the price of one field.
 *
 * <p>Created once per connection and armed through the {@link TimerWheel} of its event loop.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class Deadline {
    static final long NEVER = Long.MAX_VALUE;

    private final Runnable onExpiry;
    long atNanos = NEVER;
    long slotNanos;
    boolean linked;

    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    /** Creates a deadline that is not armed; {@code onExpiry} runs on the event loop, at most once per arming. */
    public Deadline(Runnable onExpiry) {
        this.onExpiry = onExpiry;
    }

    /** Calls the deadline off. */
    public void disarm() {
        atNanos = NEVER;
    }

    public boolean armed() {
        return atNanos != NEVER;
    }

    void expire() {
        atNanos = NEVER;
        onExpiry.run();
    }
}
