package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.discovery.DiscoveryConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the {@code discovery} of a service. */
final class DiscoveryReader {
    private static final String METHODS = "base or zookeeper";
    private static final DiscoveryConfig FIXED = new DiscoveryConfig.Fixed();

    /** Synapse's other methods. */
    private static final Set<String> NOT_SUPPORTED = Set.of(
            "zookeeper_poll", "zookeeper_dns", "zookeeper_dns_poll", "dns", "docker", "ec2tag", "marathon", "multi");

    private static final Map<String, String> CONSEQUENCES = Map.of(
            "decode", "znodes are read as Nerve writes them",
            "retry_policy", "a registry that cannot be reached is tried forever, with growing pauses",
            "discovery_jitter", "changes are read at once",
            "generator_config_path", "configuration kept in the registry is not read",
            "label_filters", "every endpoint of the path is used",
            "label_filter", "every endpoint of the path is used");

    private final Problems problems;

    DiscoveryReader(Problems problems) {
        this.problems = problems;
    }

    DiscoveryConfig read(Section service) {
        boolean named = service.has("servers") || service.has("default_servers");
        if (!service.has("discovery")) {
            if (!named) {
                problems.error(service.where(), "has neither discovery nor servers", "where its endpoints come from");
            }
            return FIXED;
        }
        Section discovery = service.section("discovery");
        if (discovery == null) {
            return FIXED;
        }
        discovery.allow(Keys.DISCOVERY);
        CONSEQUENCES.forEach((key, consequence) -> {
            if (discovery.has(key)) {
                problems.warning(discovery.whereKey(key), "not interpreted: " + consequence);
            }
        });
        return byMethod(discovery, named);
    }

    private DiscoveryConfig byMethod(Section discovery, boolean named) {
        String method = discovery.text("method");
        if (method == null) {
            if (!discovery.has("method")) {
                problems.error(discovery.where(), "has no method", METHODS);
            }
            return FIXED;
        }
        switch (method.toLowerCase(Locale.ROOT)) {
            case "base" -> {
                if (!named) {
                    problems.warning(discovery.where("method"), "base without default_servers: the pool stays empty");
                }
                return FIXED;
            }
            case "zookeeper" -> {
                return zooKeeper(discovery);
            }
            default -> {
                boolean known = NOT_SUPPORTED.contains(method.toLowerCase(Locale.ROOT));
                problems.error(discovery.where("method"), method + (known ? " is not supported" : ""), METHODS);
                return FIXED;
            }
        }
    }

    private DiscoveryConfig zooKeeper(Section discovery) {
        List<String> hosts = new ArrayList<>();
        for (String text : discovery.texts("hosts")) {
            for (String host : text.split(",", -1)) {
                if (!host.isBlank()) {
                    hosts.add(host.strip());
                }
            }
        }
        for (String host : hosts) {
            if (!host.matches("([0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?")) {
                problems.error(discovery.where("hosts"), host, "host:port");
            }
        }
        if (hosts.isEmpty()) {
            problems.error(
                    discovery.has("hosts") ? discovery.where("hosts") : discovery.where(), "no hosts", "host:port");
        }
        String path = discovery.text("path", "/\\S*", "an absolute znode path");
        if (path == null && !discovery.has("path")) {
            problems.error(discovery.where(), "has no path", "an absolute znode path");
        }
        return hosts.isEmpty() || path == null ? FIXED : new DiscoveryConfig.ZooKeeper(hosts, path);
    }
}
