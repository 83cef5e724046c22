package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.discovery.DiscoveryConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose endpoints are children of a znode. */
final class ZooKeeperDiscovery implements DiscoveryMethod {
    @Override
    public Keys keys() {
        return Keys.ZOOKEEPER;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        Problems problems = discovery.problems();
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
        return hosts.isEmpty() || path == null ? null : new DiscoveryConfig.ZooKeeper(hosts, path);
    }
}
