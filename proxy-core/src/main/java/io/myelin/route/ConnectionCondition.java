package io.myelin.route;

import io.myelin.access.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds if one end of the client's connection is in one of {@code networks}.
 *
 * @param end which end
 */
public record ConnectionCondition(End end, List<AddressRange> networks) implements Condition {
    /** An end of the client's connection. */
    public enum End {
        /** The client. */
        SOURCE {
            @Override
            @Nullable
            InetAddress of(RequestView request) {
                return request.source();
            }
        },
        /** The listener. */
        DESTINATION {
            @Override
            @Nullable
            InetAddress of(RequestView request) {
                return request.destination();
            }
        };

        abstract @Nullable InetAddress of(RequestView request);
    }

    public ConnectionCondition {
        networks = List.copyOf(networks);
    }

    @Override
    public boolean holds(RequestView request) {
        InetAddress address = end.of(request);
        if (address == null) {
            return false;
        }
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
