package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What operators want of the members of one pool, whatever the source says; it outlives a member's leaving. */
@OwnedBy(Owner.CONTROL)
final class OperatorWishes {
    private final Map<EndpointId, AdminState> states = new HashMap<>();
    private final Map<EndpointId, Integer> weights = new HashMap<>();
    private final Map<EndpointId, Address> addresses = new HashMap<>();

    private record Address(String host, int port) {}

    void rest(EndpointId endpoint, AdminState state) {
        states.put(endpoint, state);
    }

    /** Wants a weight, or with {@code null} the one that the configuration or the source says. */
    void weigh(EndpointId endpoint, @Nullable Integer weight) {
        if (weight == null) {
            weights.remove(endpoint);
        } else {
            weights.put(endpoint, weight);
        }
    }

    void move(EndpointId endpoint, String host, int port) {
        addresses.put(endpoint, new Address(host, port));
    }

    /** Returns {@code endpoint} at the address where operators want it, under the same identity. */
    Endpoint placed(Endpoint endpoint) {
        Address address = addresses.get(endpoint.id());
        return address == null
                ? endpoint
                : new Endpoint(
                        endpoint.id(),
                        endpoint.name(),
                        address.host(),
                        address.port(),
                        endpoint.weight(),
                        endpoint.backup(),
                        endpoint.labels(),
                        endpoint.options(),
                        endpoint.sequence());
    }

    /** Returns the state that operators want, {@code otherwise} if they do not care. */
    AdminState stateOf(EndpointId endpoint, AdminState otherwise) {
        return states.getOrDefault(endpoint, otherwise);
    }

    /** Gives a new member the weight that operators want. */
    void applyTo(Member member) {
        member.override(weights.get(member.id()));
    }
}
