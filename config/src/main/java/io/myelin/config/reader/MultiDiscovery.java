package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.multi.MultiConfig;
import io.myelin.discovery.multi.MultiConfig.Child;
import io.myelin.discovery.multi.ResolverConfig;
import io.myelin.pool.ChildRules;
import io.myelin.pool.MembershipRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code discovery} of a service that has several sources, and {@code discovery_multi}, which means the same.
 */
final class MultiDiscovery implements DiscoveryMethod {
    private final Section service;
    private final MembershipRules rules;
    private final Function<Section, DiscoveryConfig> sources;
    private final Problems problems;

    /**
     * @param rules what is made of the endpoints of each source, but for its label filters
     * @param sources reads the section of one source
     */
    MultiDiscovery(Section service, MembershipRules rules, Function<Section, DiscoveryConfig> sources) {
        this.service = service;
        this.rules = rules;
        this.sources = sources;
        this.problems = service.problems();
    }

    @Override
    public Keys keys() {
        return Keys.MULTI;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        return read(discovery, null);
    }

    /**
     * Returns what {@code multi} says.
     *
     * @param primary the source of that name, which counts instead of one in {@code multi}; {@code null} for none
     */
    @Nullable
    DiscoveryConfig read(Section multi, @Nullable Section primary) {
        for (String key : List.of("label_filters", "label_filter")) {
            if (multi.has(key)) {
                problems.warning(multi.whereKey(key), "has no effect: each of the watchers has its own");
            }
        }
        List<Child> children = children(multi, primary);
        if (children.isEmpty()) {
            problems.error(
                    multi.has("watchers") ? multi.where("watchers") : multi.where(),
                    "has no watchers",
                    "a map of names to sections like discovery");
        }
        Section resolver = multi.section("resolver");
        if (resolver == null) {
            if (!multi.has("resolver")) {
                problems.error(multi.where(), "has no resolver", "a map with a method: " + ResolverReader.METHODS);
            }
            return null;
        }
        ResolverConfig config = new ResolverReader(problems)
                .read(resolver, children.stream().map(Child::name).toList());
        return children.isEmpty() || config == null ? null : new MultiConfig(children, config);
    }

    private List<Child> children(Section multi, @Nullable Section primary) {
        List<Child> children = new ArrayList<>();
        Section watchers = multi.section("watchers");
        if (watchers != null) {
            for (Entry entry : watchers.entries()) {
                boolean ignored = primary != null && entry.name().equals(MultiConfig.PRIMARY);
                if (ignored) {
                    problems.warning(
                            watchers.whereKey(entry.name()),
                            "has no effect: discovery at "
                                    + Objects.requireNonNull(primary).where().place() + " is the primary");
                    continue;
                }
                Section child = watchers.section(entry.name());
                if (child != null) {
                    children.add(child(entry.name(), child));
                }
            }
        }
        if (primary != null) {
            children.add(child(MultiConfig.PRIMARY, primary));
        }
        return children;
    }

    private Child child(String name, Section section) {
        return new Child(
                name,
                sources.apply(section),
                new ChildRules(rules, new SelectionReader(problems).read(service, section)));
    }
}
