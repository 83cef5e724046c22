package io.myelin.model;

import java.util.Locale;

/** What follows once too much of an endpoint's work went wrong in a row: HAProxy's {@code on-error}. */
public enum ErrorReaction {
    /** The next check comes soon, which all of them bring about. */
    FAST_CHECK,
    /** It counts as one failed check. */
    FAIL_CHECK,
    /** It counts as so many failed checks that the next one decides. */
    SUDDEN_DEATH,
    /** The endpoint is down at once, until its checks say otherwise. */
    MARK_DOWN;

    /** Returns the name that configuration has for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
