package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Scalar;
import java.util.List;
import java.util.Set;

/** How a file of Nerve's is told from one of Synapse's or Myelin's, which have {@code services} too. */
final class NerveFile {
    /** What no service of Synapse has. */
    private static final Set<String> OF_NERVE =
            Set.of("zk_hosts", "zk_path", "reporter_type", "check_interval", "checks", "etcd_host", "check_mocked");

    /** What no service of Nerve has. */
    private static final Set<String> OF_OTHERS =
            Set.of("discovery", "discovery_multi", "haproxy", "servers", "default_servers", "announce");

    /** The top-level keys that are Nerve's in a file of Nerve's. */
    private static final Set<String> TOP = Set.of(
            "instance_id", "services", "service_conf_dir", "heartbeat_path", "max_repeated_report_failures", "statsd");

    private NerveFile() {}

    static boolean is(Mapping document) {
        if (document.entry("haproxy") != null || document.entry("frontends") != null) {
            return false;
        }
        List<Mapping> services = services(document);
        boolean nerves = services.stream().anyMatch(service -> has(service, OF_NERVE));
        boolean others = services.stream().anyMatch(service -> has(service, OF_OTHERS));
        return !others && (nerves || document.entry("instance_id") != null);
    }

    /** Returns whether the key belongs to Nerve's part of a file of Nerve's. */
    static boolean owns(String key) {
        return TOP.contains(key);
    }

    private static List<Mapping> services(Mapping document) {
        Entry services = document.entry("services");
        if (services == null || !(services.value() instanceof Mapping mapping)) {
            return List.of();
        }
        return mapping.entries().stream()
                .map(Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast)
                .toList();
    }

    private static boolean has(Mapping service, Set<String> keys) {
        return service.entries().stream()
                .anyMatch(entry ->
                        keys.contains(entry.name()) && !(entry.value() instanceof Scalar scalar && scalar.absent()));
    }
}
