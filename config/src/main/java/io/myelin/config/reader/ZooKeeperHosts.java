package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The {@code hosts} of an ensemble: a list, or a text with commas, and behind the last of them the znode that every
 * path begins at, as ZooKeeper's own clients write it: {@code h1:2181,h2:2181/smartstack}.
 *
 * @param servers {@code host:port} of each
 * @param chroot begins with a slash; empty for none
 */
record ZooKeeperHosts(List<String> servers, String chroot) {
    static final String HOST = "([0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?";
    private static final String EXPECTED = "host:port";

    ZooKeeperHosts {
        servers = List.copyOf(servers);
    }

    static ZooKeeperHosts read(Section discovery) {
        return read(discovery, "hosts");
    }

    /** Reads them from {@code key}; no server, and one that cannot be used, is reported. */
    static ZooKeeperHosts read(Section discovery, String key) {
        Problems problems = discovery.problems();
        List<String> servers = new ArrayList<>();
        Set<String> chroots = new LinkedHashSet<>();
        for (String text : discovery.texts(key)) {
            for (String item : text.split(",", -1)) {
                String host = item.strip();
                int slash = host.indexOf('/');
                if (slash >= 0) {
                    chroots.add(chroot(host.substring(slash)));
                    host = host.substring(0, slash);
                }
                if (!host.isEmpty()) {
                    servers.add(host);
                }
            }
        }
        for (String server : servers) {
            if (!server.matches(HOST)) {
                problems.error(discovery.where(key), server, EXPECTED);
            }
        }
        if (servers.isEmpty()) {
            problems.error(discovery.has(key) ? discovery.where(key) : discovery.where(), "no " + key, EXPECTED);
        }
        if (chroots.size() > 1) {
            problems.error(
                    discovery.where(key),
                    "paths of several kinds: " + String.join(", ", chroots),
                    "one path, behind the last host");
        }
        return new ZooKeeperHosts(
                servers, chroots.isEmpty() ? "" : chroots.iterator().next());
    }

    /** Returns the path of a znode that is called {@code path} below the chroot. */
    String absolute(String path) {
        return chroot.isEmpty() ? path : path.equals("/") ? chroot : chroot + path;
    }

    private static String chroot(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
