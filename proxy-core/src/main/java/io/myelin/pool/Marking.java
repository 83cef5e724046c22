package io.myelin.pool;

/**
 * What becomes of the work in progress when members go down or come up: HAProxy's {@code on-marked-down} and
 * {@code on-marked-up}.
 *
 * @param endsSessions whether what a member has in progress is ended once it is down or in maintenance
 * @param endsBackupSessions whether what backups have in progress is ended once another member comes up
 */
public record Marking(boolean endsSessions, boolean endsBackupSessions) {
    /** Work in progress goes on. */
    public static final Marking NONE = new Marking(false, false);
}
