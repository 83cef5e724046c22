package io.myelin.model;

import java.util.List;
import java.util.Map;

/** What is made of the endpoints that a source delivers before they are used. Implementations are values. */
public interface DeliveryRules {
    /** Returns what is used before the source has said anything. */
    List<Endpoint> initial();

    /**
     * Returns what is used after {@code delivered} was delivered.
     *
     * @param previous the latest delivery that was not empty, this one included
     */
    List<Endpoint> fold(List<Endpoint> previous, List<Endpoint> delivered);

    /** Returns the same rules with default servers at {@code addresses}, as {@link EndpointSink#resolve} tells them. */
    DeliveryRules resolved(Map<String, List<String>> addresses);
}
