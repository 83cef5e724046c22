package io.myelin.config.reader;

import java.util.List;

/** The native keys of what is announced. */
final class AnnounceKeys {
    static final Keys SERVICE = Keys.of(
            List.of(
                    "instance_id",
                    "host",
                    "port",
                    "weight",
                    "labels",
                    "haproxy_server_options",
                    "registry",
                    "hosts",
                    "path",
                    "node_type",
                    "path_encoding",
                    "etcd_api",
                    "ttl",
                    "checks",
                    "interval",
                    "rate_limit",
                    "alarm_after",
                    "withdraw_wait"),
            List.of());
    static final Keys TOP =
            Keys.of(List.of("instance_id", "host", "withdraw_wait", "alarm_after", "heartbeat_path"), List.of());
    static final List<String> QUESTIONS = List.of("http", "tcp", "redis", "rabbitmq");
    static final Keys CHECK = Keys.of(
            List.of("http", "tcp", "redis", "rabbitmq", "tls", "name", "host", "port", "timeout", "rise", "fall"),
            List.of());
    static final Keys RABBITMQ = Keys.of(List.of("username", "password"), List.of());
    static final Keys RATE_LIMIT = Keys.of(List.of("per_second", "burst", "shadow"), List.of());

    private AnnounceKeys() {}
}
