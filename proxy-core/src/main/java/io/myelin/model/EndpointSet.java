package io.myelin.model;

import java.util.List;

/**
 * Every endpoint a source knows for one service at one moment; never a delta.
 *
 * @param service the service's name in the configuration
 * @param endpoints in the source's order, which carries no meaning
 * @param origin where the set came from, for people: the source and its revision, such as {@code zookeeper
 *     /nerve/services/web cversion=17}
 */
public record EndpointSet(String service, List<Endpoint> endpoints, String origin) {
    public EndpointSet {
        endpoints = List.copyOf(endpoints);
    }
}
