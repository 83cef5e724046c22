package io.myelin.discovery.polling;

import io.myelin.model.Endpoint;
import java.util.List;

/**
 * What a registry answered.
 *
 * @param endpoints all there are, as far as is known
 * @param problem why some of them are of an earlier answer, or missing; empty if everything was answered
 */
public record Reading(List<Endpoint> endpoints, String problem) {
    public Reading {
        endpoints = List.copyOf(endpoints);
    }

    /** Returns a whole answer. */
    public static Reading of(List<Endpoint> endpoints) {
        return new Reading(endpoints, "");
    }
}
