package io.myelin.pool;

import java.time.Duration;

/**
 * What becomes of the work in progress when members go down or come up: HAProxy's {@code on-marked-down} and
 * {@code on-marked-up}, and what follows when an instance is ready no more.
 *
 * @param endsSessions whether what a member has in progress is ended once it is down or in maintenance
 * @param grace how long that may go on, unless the member comes up in the meantime; {@link Duration#ZERO} not to wait
 * @param endsBackupSessions whether what backups have in progress is ended once another member comes up
 */
public record Marking(boolean endsSessions, Duration grace, boolean endsBackupSessions) {
    /** Work in progress goes on. */
    public static final Marking NONE = new Marking(false, false);

    /** What is ended is ended at once, as by HAProxy. */
    public Marking(boolean endsSessions, boolean endsBackupSessions) {
        this(endsSessions, Duration.ZERO, endsBackupSessions);
    }

    public Marking {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0)");
        }
    }

    /** Returns the marking that ends what a member has in progress {@code grace} after it went down. */
    public static Marking endingAfter(Duration grace) {
        return new Marking(true, grace, false);
    }
}
