package io.myelin.discovery.etcd;

import io.myelin.discovery.announce.ReporterConfig;
import java.time.Duration;
import java.util.List;

/**
 * Announcing as a key of etcd that ends with its time to live.
 *
 * @param hosts {@code host:port} of each server; the next one is asked when one does not answer
 * @param path what keys begin with, absolute
 * @param ttl how long a key outlives this process, at least a second; it is renewed three times as often
 * @param api how etcd is spoken to
 */
public record EtcdReporterConfig(List<String> hosts, String path, Duration ttl, Api api) implements ReporterConfig {
    /** The two interfaces of etcd, whose keys do not see each other. */
    public enum Api {
        /** The one that Nerve speaks, if the server has it switched on, and else the other. */
        AUTO,
        /** The keys API of version 2: Nerve's, and that of servers up to 3.5. */
        V2,
        /** The JSON gateway of version 3, which servers have since 3.4. */
        V3
    }

    public EtcdReporterConfig {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("etcd_host: empty (expected: at least one host:port)");
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("etcd_path: " + path + " (expected: an absolute path)");
        }
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: at least 1 s)");
        }
    }

    @Override
    public String place() {
        return "etcd " + String.join(",", hosts) + " " + path;
    }

    @Override
    public String kind() {
        return "etcd";
    }

    /** Returns what the keys of an instance begin with, without a slash at the end. */
    String directory(String instance) {
        return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + "/" + instance;
    }
}
