package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.discovery.DiscoveryConfig;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the {@code discovery} of a service. */
final class DiscoveryReader {
    /** Synapse's other methods. */
    private static final Set<String> NOT_SUPPORTED = Set.of("zookeeper_dns", "zookeeper_dns_poll", "multi");

    /** What Synapse's README calls {@code ec2tag}. */
    private static final String AS_IN_SYNAPSES_README = "awstag";

    private final Problems problems;
    private final SortedMap<String, DiscoveryMethod> methods = new TreeMap<>();

    DiscoveryReader(Problems problems) {
        this.problems = problems;
        methods.put("base", new FixedDiscovery());
        methods.put("zookeeper", new ZooKeeperDiscovery(false));
        methods.put("zookeeper_poll", new ZooKeeperDiscovery(true));
    }

    DiscoveryConfig read(Section service) {
        boolean named = service.has("servers") || service.has("default_servers");
        if (!service.has("discovery")) {
            if (!named) {
                problems.error(service.where(), "has neither discovery nor servers", "where its endpoints come from");
            }
            return FixedDiscovery.CONFIG;
        }
        Section discovery = service.section("discovery");
        if (discovery == null) {
            return FixedDiscovery.CONFIG;
        }
        methods.put("dns", new DnsDiscovery(service));
        methods.put("docker", new DockerDiscovery());
        methods.put("ec2tag", new Ec2TagDiscovery(service));
        methods.put("marathon", new MarathonDiscovery());
        return byMethod(discovery, named);
    }

    private DiscoveryConfig byMethod(Section discovery, boolean named) {
        String text = discovery.text("method");
        String expected = String.join(" or ", methods.keySet());
        if (text == null) {
            if (!discovery.has("method")) {
                problems.error(discovery.where(), "has no method", expected);
            }
            return FixedDiscovery.CONFIG;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String name = lower.equals(AS_IN_SYNAPSES_README) ? "ec2tag" : lower;
        DiscoveryMethod method = methods.get(name);
        if (method == null) {
            String reason = NOT_SUPPORTED.contains(name) ? " is not supported" : "";
            problems.error(discovery.where("method"), text + reason, expected);
            return FixedDiscovery.CONFIG;
        }
        discovery.allow(Keys.DISCOVERY.and(method.keys()));
        if (name.equals("base") && !named) {
            problems.warning(discovery.where("method"), "base without default_servers: the pool stays empty");
        }
        DiscoveryConfig read = method.read(discovery);
        return read == null ? FixedDiscovery.CONFIG : read;
    }
}
