package io.myelin.net;

import io.myelin.access.AccessRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a listener asks of a connection before it is one of a client.
 *
 * @param onConnection rules about the address that the connection comes from, {@code null} for none
 * @param onSession rules about the client, as its PROXY header names it, {@code null} for none
 * @param headerTimeout how long a PROXY header may take, from the start of the connection
 */
public record EntranceConfig(
        @Nullable AccessRules onConnection, @Nullable AccessRules onSession, Duration headerTimeout) {
    /** No rules; 5 s for a header. */
    public static final EntranceConfig DEFAULT = new EntranceConfig(null, null, Duration.ofSeconds(5));

    public EntranceConfig {
        if (headerTimeout.isNegative() || headerTimeout.isZero()) {
            throw new IllegalArgumentException("header_timeout: " + headerTimeout + " (expected: > 0)");
        }
    }

    /** Returns whether there is a rule that every connection has to pass. */
    public boolean hasRules() {
        return onConnection != null || onSession != null;
    }
}
