package io.myelin.pool;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.EndpointOptions;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers by which operators' tools know the members of one pool, HAProxy's server ids: the one that an endpoint's
 * options say, or the lowest that is free. A member keeps its number for as long as it is there.
 */
@OwnedBy(Owner.CONTROL)
final class MemberNumbers {
    /** Stands for no number. */
    static final int NONE = 0;

    private Map<EndpointId, Integer> given = Map.of();
    private List<Endpoint> assigned = List.of();
    private int mostAssigned = NONE;

    /**
     * Gives each of {@code endpoints} a number, in their order.
     *
     * @param most the largest to give to those that do not say one; when it is used up, the rest have {@link #NONE}
     */
    @SuppressWarnings("ReferenceEquality") // most folds are about the very same list
    void assign(List<Endpoint> endpoints, int most) {
        if (endpoints == assigned && most == mostAssigned) {
            return;
        }
        assigned = endpoints;
        mostAssigned = most;
        Map<EndpointId, Integer> next = new HashMap<>(endpoints.size() * 4 / 3 + 1);
        Set<Integer> taken = new HashSet<>(endpoints.size() * 4 / 3 + 1);
        for (Endpoint endpoint : endpoints) {
            Integer wanted = EndpointOptions.parse(endpoint.options()).number();
            if (wanted != null && taken.add(wanted)) {
                next.put(endpoint.id(), wanted);
            }
        }
        for (Endpoint endpoint : endpoints) {
            Integer before = given.get(endpoint.id());
            if (before != null && before <= most && !next.containsKey(endpoint.id()) && taken.add(before)) {
                next.put(endpoint.id(), before);
            }
        }
        int free = 1;
        for (Endpoint endpoint : endpoints) {
            while (taken.contains(free)) {
                free++;
            }
            if (free <= most && next.putIfAbsent(endpoint.id(), free) == null) {
                taken.add(free);
            }
        }
        given = next;
    }

    /** Takes over the numbers that an earlier process gave; they are kept by those who are there next. */
    void recall(Map<EndpointId, Integer> earlier) {
        given = Map.copyOf(earlier);
        assigned = List.of();
    }

    int of(EndpointId endpoint) {
        return given.getOrDefault(endpoint, NONE);
    }
}
