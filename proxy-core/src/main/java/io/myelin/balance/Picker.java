package io.myelin.balance;

import org.jspecify.annotations.Nullable;

/** Chooses a member for one exchange. Called concurrently by every event loop; never blocks, locks or allocates. */
@FunctionalInterface
public interface Picker {
    /** Returns the chosen member, or {@code null} if no member of the picker's snapshot is free to be chosen. */
    @Nullable
    Member pick(Pick pick);

    /** Returns whether members have to be told how their exchanges went, see {@link Member#onResponse}. */
    default boolean learns() {
        return false;
    }
}
