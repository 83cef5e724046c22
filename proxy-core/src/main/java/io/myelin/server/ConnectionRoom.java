package io.myelin.server;

/**
 * How many client connections there may be, and what a limit did so far.
 *
 * @param limit how many may be open at once, 0 for any number
 * @param waiting how many have been accepted and wait for room now; while any do, accepting is paused
 * @param waited how many had to wait so far
 */
public record ConnectionRoom(int limit, long waiting, long waited) {
    /** Room for everybody. */
    public static final ConnectionRoom UNLIMITED = new ConnectionRoom(0, 0, 0);
}
