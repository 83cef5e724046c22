package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import java.util.Set;

/** The keys of Nerve's files. Others have no meaning in Nerve either, which does not mind them. */
final class NerveKeys {
    static final Set<String> SERVICE = Set.of(
            "host",
            "port",
            "reporter_type",
            "check_interval",
            "checks",
            "check_mocked",
            "rate_limiting",
            "weight",
            "haproxy_server_options",
            "labels",
            "load_test_concurrency",
            "zk_hosts",
            "zk_path",
            "node_type",
            "use_path_encoding",
            "ttl_seconds",
            "etcd_host",
            "etcd_port",
            "etcd_path",
            "instance_id",
            "max_repeated_report_failures");
    static final Set<String> CHECK = Set.of(
            "type",
            "name",
            "host",
            "port",
            "timeout",
            "rise",
            "fall",
            "module",
            "uri",
            "ssl",
            "ssl_timeout",
            "read_timeout",
            "open_timeout",
            "headers",
            "expect",
            "username",
            "password");
    static final Set<String> RATE_LIMITING = Set.of("shadow_mode", "average_rate", "max_burst");

    private NerveKeys() {}

    static void warnOfUnknown(Section section, Set<String> known) {
        for (Entry entry : section.entries()) {
            if (!known.contains(entry.name())) {
                String nearest = NearestKey.to(entry.name(), known);
                section.problems()
                        .warning(
                                section.whereKey(entry.name()),
                                "has no meaning in a file of Nerve's"
                                        + (nearest == null ? "" : ", did you mean " + nearest + "?"));
            }
        }
    }
}
