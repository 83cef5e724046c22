package io.myelin.discovery.zookeeper;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which ensemble to talk to, and as whom. Equal configurations share one session.
 *
 * @param servers {@code host:port} of each server; kept sorted, so that their order makes no difference
 * @param auth who the client says that it is, {@code null} for nobody
 * @param tls how connections are encrypted, {@code null} if they are not
 */
public record EnsembleConfig(
        List<String> servers,
        @Nullable DigestAuth auth,
        @Nullable ZooKeeperTls tls) {
    public EnsembleConfig {
        servers = servers.stream().sorted().toList();
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("hosts: empty (expected: at least one host:port)");
        }
    }

    /** Returns an ensemble that anybody may talk to in the clear. */
    public static EnsembleConfig of(List<String> servers) {
        return new EnsembleConfig(servers, null, null);
    }

    /** Returns what ZooKeeper's client connects to, which is also what people are shown. */
    public String connectString() {
        return String.join(",", servers);
    }
}
