package io.myelin.health.lifecycle;

import java.util.Locale;

/** Where an instance is in its life, in Tye's words and order. */
public enum ReplicaState {
    /** Its name is gone; another instance may have its place. */
    REMOVED,
    /** It has a name and a place, and does not run yet. */
    ADDED,
    /** It runs; nothing is known of it. */
    STARTED,
    /** It runs no more. */
    STOPPED,
    /** It lives, and takes no traffic. */
    HEALTHY,
    /** It takes traffic. */
    READY;

    /** Returns the name as Tye's API writes it, such as {@code ready}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
