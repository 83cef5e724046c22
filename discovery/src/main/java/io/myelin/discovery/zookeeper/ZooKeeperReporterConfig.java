package io.myelin.discovery.zookeeper;

import io.myelin.discovery.announce.ReporterConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Announcing as a child of a znode.
 *
 * @param ensemble where
 * @param path the parent znode, absolute; created on demand
 * @param nodeType what kind of znode is created
 * @param pathEncoding whether the znode's name carries the registration, so that readers need not read its data
 * @param ttl how old the last write of a persistent znode may become, {@code null} if it is not written again; twice in
 *     this time the data are set
 */
public record ZooKeeperReporterConfig(
        EnsembleConfig ensemble,
        String path,
        NodeType nodeType,
        boolean pathEncoding,
        @Nullable Duration ttl) implements ReporterConfig {
    public ZooKeeperReporterConfig {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("zk_path: " + path + " (expected: an absolute znode path)");
        }
        if (ttl != null && (ttl.isZero() || ttl.isNegative())) {
            throw new IllegalArgumentException("ttl_seconds: " + ttl + " (expected: > 0)");
        }
    }

    /** Returns what Nerve does unless it is told otherwise. */
    public static ZooKeeperReporterConfig of(List<String> hosts, String path) {
        return new ZooKeeperReporterConfig(hosts, path, NodeType.EPHEMERAL_SEQUENTIAL, false, null);
    }

    /** The same for an ensemble that anybody may talk to in the clear. */
    public ZooKeeperReporterConfig(
            List<String> hosts, String path, NodeType nodeType, boolean pathEncoding, @Nullable Duration ttl) {
        this(EnsembleConfig.of(hosts), path, nodeType, pathEncoding, ttl);
    }

    @Override
    public String place() {
        return "zookeeper " + ensemble.connectString() + " " + path;
    }

    @Override
    public String kind() {
        return "zk";
    }

    /** Nerve's: a cluster is called as its first host, without domain and number, unless that is a number. */
    @Override
    public Map<String, String> tags() {
        String first = ensemble.servers().get(0);
        String cluster = first.split("[.:]", 2)[0].replaceFirst("\\d+$", "");
        return Map.of("zk_cluster", cluster.isEmpty() ? first : cluster, "zk_path", path);
    }
}
