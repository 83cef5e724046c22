package io.myelin.upstream;

import org.jspecify.annotations.Nullable;

/** A connection to a member that waits for its next exchange. Confined to its event loop. */
public interface KeptConnection {
    /** Closes it; it has already left the {@link KeptConnections}. */
    void discard();

    /**
     * Returns whether it is of use to who wants the member to have been asked for {@code name}, {@code null} for none.
     */
    boolean bears(@Nullable String name);

    /** Returns the place that {@link #place(int)} was told last. */
    int place();

    /** Remembers where the connection is kept, so that it can leave in constant time. */
    void place(int newPlace);
}
