package io.myelin.discovery.multi;

import io.myelin.discovery.multi.ResolverConfig.Nobody;
import io.myelin.discovery.multi.ResolverConfig.Sequential;
import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.multi.ResolverConfig.Union;
import io.myelin.discovery.polling.Totals;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes resolvers of their configuration. */
final class Resolvers {
    private final Toggles toggles;
    private final Totals<MultiCount> counts;

    Resolvers(Toggles toggles, Totals<MultiCount> counts) {
        this.toggles = toggles;
        this.counts = counts;
    }

    Resolver of(String service, ResolverConfig config, List<ChildState> children) {
        if (config instanceof Union) {
            return new FixedChoice("union", children);
        }
        if (config instanceof Nobody) {
            return new FixedChoice("base", List.of());
        }
        Map<String, ChildState> byName =
                children.stream().collect(Collectors.toMap(ChildState::name, Function.identity()));
        if (config instanceof Sequential sequential) {
            List<ChildState> order = sequential.order().stream()
                    .map(name -> Objects.requireNonNull(byName.get(name)))
                    .toList();
            return new FirstUsable(service, order, counts);
        }
        if (config instanceof Toggle toggle) {
            ChildState first = byName.getOrDefault(MultiConfig.PRIMARY, children.get(0));
            return new Toggled(service, toggle, byName, first, toggles, counts);
        }
        throw new IllegalArgumentException(
                "resolver: " + config.getClass().getSimpleName() + " (expected: union, sequential, s3_toggle or base)");
    }
}
