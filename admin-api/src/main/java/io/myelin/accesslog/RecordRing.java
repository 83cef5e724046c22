package io.myelin.accesslog;

import io.myelin.log.AccessRecord;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The way of records from one event loop to the writer: bounded, without locks, refusing what does not fit.
 *
 * <p>A slot is free while it is {@code null}; one thread fills slots in turn, the other one empties them in turn.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class RecordRing {
    private final AtomicReferenceArray<@Nullable Entry> slots;
    private int next;

    /** A record, and how its listener wants it written. */
    record Entry(AccessRecord record, Line line) {}

    /**
     * Creates an empty ring.
     *
     * @param capacity how many records may wait
     */
    RecordRing(int capacity) {
        slots = new AtomicReferenceArray<>(capacity);
    }

    /** Returns whether the entry was taken. Event loop only. */
    boolean offer(Entry entry) {
        if (slots.getAcquire(next) != null) {
            return false;
        }
        // A volatile write, so that asking afterwards whether the writer sleeps cannot be answered too early.
        slots.set(next, entry);
        next = next + 1 == slots.length() ? 0 : next + 1;
        return true;
    }

    /** Returns the end that the writer holds; to be asked for once. */
    Outlet outlet() {
        return new Outlet(slots);
    }

    /** The end of a ring where records leave. */
    @OwnedBy(Owner.ACCESS_LOG)
    static final class Outlet {
        private final AtomicReferenceArray<@Nullable Entry> slots;
        private int next;

        private Outlet(AtomicReferenceArray<@Nullable Entry> slots) {
            this.slots = slots;
        }

        /** Returns the oldest entry, {@code null} if there is none. */
        @Nullable
        Entry poll() {
            Entry oldest = slots.get(next);
            if (oldest != null) {
                slots.setRelease(next, null);
                next = next + 1 == slots.length() ? 0 : next + 1;
            }
            return oldest;
        }

        boolean isEmpty() {
            return slots.get(next) == null;
        }
    }
}
