package io.myelin.files;

import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.util.List;
import java.util.Map;

/**
 * What is known of one pool.
 *
 * @param knownMillis wall clock at which it was known to be so
 * @param numbers by which operators' tools know its members
 */
public record RememberedPool(
        String name, List<Endpoint> endpoints, long knownMillis, Map<EndpointId, Integer> numbers) {
    public RememberedPool {
        endpoints = List.copyOf(endpoints);
        numbers = Map.copyOf(numbers);
    }
}
