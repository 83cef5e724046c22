package io.myelin.pool;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.model.ErrorReaction;

/**
 * How much traffic says about the health of the members of a pool whose members are checked: HAProxy's {@code observe},
 * {@code error-limit} and {@code on-error}.
 *
 * @param level what counts as an error
 * @param errorLimit how many errors of one member in a row are too many, at least 1
 * @param reaction what follows from them
 */
public record ObserveConfig(Level level, int errorLimit, ErrorReaction reaction) {
    /** HAProxy's {@code error-limit}, where nothing else is said. */
    public static final int DEFAULT_LIMIT = 10;

    public ObserveConfig {
        if (errorLimit < 1) {
            throw new IllegalArgumentException("error_limit: " + errorLimit + " (expected: >= 1)");
        }
    }

    /** Creates what HAProxy does when only the level is said. */
    public ObserveConfig(Level level) {
        this(level, DEFAULT_LIMIT, ErrorReaction.FAIL_CHECK);
    }
}
