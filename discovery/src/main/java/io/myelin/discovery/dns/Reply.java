package io.myelin.discovery.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a name server says of one name.
 *
 * @param addresses IP literals, empty if there are none
 * @param services data of SRV records, empty if there are none
 * @param alias the name to be asked about instead, {@code null} if this is all
 * @param ttlSeconds how long the whole of it holds; {@link #UNSTATED} if nothing was found
 */
record Reply(
        List<String> addresses,
        List<ServiceRecord> services,
        @Nullable String alias,
        long ttlSeconds) {
    static final long UNSTATED = Long.MAX_VALUE;

    /** Nothing has that name. */
    static final Reply NOTHING = new Reply(List.of(), List.of(), null, UNSTATED);

    Reply until(long otherTtlSeconds) {
        return new Reply(addresses, services, alias, Math.min(ttlSeconds, otherTtlSeconds));
    }
}
