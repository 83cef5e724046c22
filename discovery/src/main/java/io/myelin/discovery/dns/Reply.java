package io.myelin.discovery.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a name server says of one name.
 *
 * @param addresses IP literals, empty if there are none
 * @param services data of SRV records, empty if there are none
 * @param alias the name to be asked about instead, {@code null} if this is all
 * @param ttlSeconds how long the whole of it holds, also that there is nothing; {@link #UNSTATED} if that is not said
 */
record Reply(
        List<String> addresses,
        List<ServiceRecord> services,
        @Nullable String alias,
        long ttlSeconds) {
    static final long UNSTATED = Long.MAX_VALUE;

    /** Returns that nothing has that name, for so long. */
    static Reply nothing(long ttlSeconds) {
        return new Reply(List.of(), List.of(), null, ttlSeconds);
    }

    boolean empty() {
        return addresses.isEmpty() && services.isEmpty();
    }

    Reply until(long otherTtlSeconds) {
        return new Reply(addresses, services, alias, Math.min(ttlSeconds, otherTtlSeconds));
    }
}
