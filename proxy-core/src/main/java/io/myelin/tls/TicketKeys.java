package io.myelin.tls;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The keys that the sessions which clients keep are encrypted with: one for new sessions and two before it, for
 * sessions that were handed out earlier.
 */
@OwnedBy(Owner.CONTROL)
final class TicketKeys {
    private static final int KEPT = 3;

    private final SecureRandom random = new SecureRandom();
    private final Deque<OpenSslSessionTicketKey> keys = new ArrayDeque<>();
    private final long periodMillis;
    private long madeAtMillis;

    /** Creates keys of which the first is made now. */
    TicketKeys(long periodMillis, long nowMillis) {
        this.periodMillis = periodMillis;
        renew(nowMillis);
    }

    /** Makes a new key if it is time for one; returns whether it was. */
    boolean rotate(long nowMillis) {
        if (nowMillis - madeAtMillis < periodMillis) {
            return false;
        }
        renew(nowMillis);
        return true;
    }

    /** Forgets every key, so that no session can be resumed. */
    void replaceAll(long nowMillis) {
        keys.clear();
        renew(nowMillis);
    }

    private void renew(long nowMillis) {
        madeAtMillis = nowMillis;
        keys.addFirst(new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE)));
        if (keys.size() > KEPT) {
            keys.removeLast();
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Lets {@code context} use the keys as they are now; the JDK's engine has keys of its own. */
    void giveTo(SslContext context) {
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setTicketKeys(keys.toArray(OpenSslSessionTicketKey[]::new));
        }
    }
}
