package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/** What the Connection fields of one message say (RFC 9110 section 7.6.1). Reused from message to message. */
@OwnedBy(Owner.EVENT_LOOP)
final class ConnectionOptions {
    private static final byte[] CLOSE = "close".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);
    private static final byte[] UPGRADE = "upgrade".getBytes(US_ASCII);
    private static final byte[] TE = "te".getBytes(US_ASCII);
    private static final int MOST_NOMINATIONS = 64;

    private final int[] nominations = new int[2 * MOST_NOMINATIONS];
    private int nominated;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean te;

    void clear() {
        nominated = 0;
        close = false;
        keepAlive = false;
        upgrade = false;
        te = false;
    }

    /** Reads one Connection field's list; returns whether all of it could be held. */
    boolean add(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int comma = at;
            while (comma < to && bytes[comma] != ',') {
                comma++;
            }
            if (!option(bytes, at, comma)) {
                return false;
            }
            at = comma + 1;
        }
        return true;
    }

    private boolean option(byte[] bytes, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && Octets.isBlank(bytes[from])) {
            from++;
        }
        while (to > from && Octets.isBlank(bytes[to - 1])) {
            to--;
        }
        if (Octets.equalsIgnoreCase(bytes, from, to, CLOSE)) {
            close = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, UPGRADE)) {
            upgrade = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, TE)) {
            te = true;
            return nominate(from, to);
        } else if (from < to) {
            return nominate(from, to);
        }
        return true;
    }

    private boolean nominate(int from, int to) {
        if (nominated == MOST_NOMINATIONS) {
            return false;
        }
        nominations[2 * nominated] = from;
        nominations[2 * nominated + 1] = to;
        nominated++;
        return true;
    }

    /** Drops the fields that the sender meant for this connection only. */
    void dropNominated(Fields fields) {
        for (int i = 0; i < nominated; i++) {
            fields.dropNominated(nominations[2 * i], nominations[2 * i + 1]);
        }
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean upgrade() {
        return upgrade;
    }

    /** Returns whether the sender of TE meant it for this connection, as it has to (RFC 9110 section 10.1.4). */
    boolean te() {
        return te;
    }
}
