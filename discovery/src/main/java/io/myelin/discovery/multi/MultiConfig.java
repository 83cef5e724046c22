package io.myelin.discovery.multi;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.model.DeliveryRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Several sources of one service: Synapse's {@code multi}.
 *
 * @param children the sources, in file order and with unique names; at least one
 * @param resolver which of them serve
 */
public record MultiConfig(List<Child> children, ResolverConfig resolver) implements DiscoveryConfig {
    /** The child that a toggle begins with. */
    public static final String PRIMARY = "primary";

    /**
     * One of the sources.
     *
     * @param name what resolvers call it
     * @param discovery what it follows
     * @param rules what is made of its deliveries before they are put together with those of others
     */
    public record Child(String name, DiscoveryConfig discovery, DeliveryRules rules) {}

    public MultiConfig {
        children = List.copyOf(children);
        Set<String> names = new HashSet<>();
        children.forEach(child -> names.add(child.name()));
        if (names.isEmpty() || names.size() != children.size()) {
            throw new IllegalArgumentException("watchers: " + names + " (expected: one or more with unique names)");
        }
        resolver.check(names);
    }
}
