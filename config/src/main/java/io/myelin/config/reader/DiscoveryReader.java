package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.pool.MembershipRules;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the {@code discovery} of a service. */
final class DiscoveryReader {
    /** What Synapse's README calls {@code ec2tag}. */
    private static final String AS_IN_SYNAPSES_README = "awstag";

    private final Section service;
    private final Problems problems;
    private final SortedMap<String, DiscoveryMethod> methods = new TreeMap<>();
    private final MultiDiscovery multi;

    /** @param rules what is made of the endpoints of each source of a service that has several */
    DiscoveryReader(Section service, MembershipRules rules) {
        this.service = service;
        this.problems = service.problems();
        this.multi = new MultiDiscovery(service, rules, this::byMethod);
        methods.put("base", new FixedDiscovery());
        methods.put("dns", new DnsDiscovery(service));
        methods.put("docker", new DockerDiscovery());
        methods.put("ec2tag", new Ec2TagDiscovery(service));
        methods.put("file", new FileDiscovery());
        methods.put("kubernetes", new KubernetesDiscovery());
        methods.put("marathon", new MarathonDiscovery());
        methods.put("multi", multi);
        for (boolean polls : new boolean[] {false, true}) {
            DiscoveryMethod zookeeper = new ZooKeeperDiscovery(polls);
            methods.put(polls ? "zookeeper_poll" : "zookeeper", zookeeper);
            methods.put(
                    polls ? "zookeeper_dns_poll" : "zookeeper_dns", new ResolvedDiscovery(zookeeper, rules.defaults()));
        }
    }

    DiscoveryConfig read() {
        if (!service.has("discovery")) {
            if (!hasServers()) {
                problems.error(service.where(), "has neither discovery nor servers", "where its endpoints come from");
            }
            if (service.has("discovery_multi")) {
                problems.error(
                        service.whereKey("discovery_multi"), "is there without discovery", "discovery, the primary");
            }
            return FixedDiscovery.CONFIG;
        }
        Section discovery = service.section("discovery");
        if (discovery == null) {
            return FixedDiscovery.CONFIG;
        }
        Section several = service.section("discovery_multi");
        return several == null ? byMethod(discovery) : several(several, discovery);
    }

    private DiscoveryConfig several(Section section, Section primary) {
        section.allow(Keys.DISCOVERY.and(multi.keys()));
        section.text("method", "(?i)multi", "multi");
        DiscoveryConfig read = multi.read(section, primary);
        return read == null ? FixedDiscovery.CONFIG : read;
    }

    private DiscoveryConfig byMethod(Section discovery) {
        String text = discovery.text("method");
        if (text == null) {
            if (!discovery.has("method")) {
                problems.error(discovery.where(), "has no method", known());
            }
            return FixedDiscovery.CONFIG;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String name = lower.equals(AS_IN_SYNAPSES_README) ? "ec2tag" : lower;
        DiscoveryMethod method = methods.get(name);
        if (method == null) {
            return custom(name, discovery);
        }
        discovery.allow(Keys.DISCOVERY.and(method.keys()));
        if (name.equals("base") && !hasServers()) {
            problems.warning(discovery.where("method"), "base without default_servers: the pool stays empty");
        }
        DiscoveryConfig read = method.read(discovery);
        return read == null ? FixedDiscovery.CONFIG : read;
    }

    /** Reads a section whose method is none of the program's own. */
    private DiscoveryConfig custom(String name, Section discovery) {
        try (CustomMethods custom = new CustomMethods()) {
            if (custom.names().contains(name)) {
                DiscoveryConfig read = custom.read(name, discovery);
                return read == null ? FixedDiscovery.CONFIG : read;
            }
            problems.error(discovery.where("method"), String.valueOf(discovery.text("method")), known());
            return FixedDiscovery.CONFIG;
        }
    }

    /** Returns the names of all methods, those that users bring with them included. */
    private String known() {
        try (CustomMethods custom = new CustomMethods()) {
            Set<String> names = new TreeSet<>(methods.keySet());
            names.addAll(custom.names());
            return String.join(" or ", names);
        }
    }

    private boolean hasServers() {
        return service.has("servers") || service.has("default_servers");
    }
}
