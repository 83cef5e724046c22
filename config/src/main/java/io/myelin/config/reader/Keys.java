package io.myelin.config.reader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that one kind of map may have.
 *
 * @param own Myelin's own
 * @param known those, and the ones that are accepted because Synapse's files have them
 */
record Keys(List<String> own, Set<String> known) {
    static final Keys TOP = of(
            List.of(
                    "services",
                    "frontends",
                    "admin",
                    "limits",
                    "access_log",
                    "reload",
                    "strict",
                    "state_file",
                    "replicas",
                    "file_output",
                    "statsd",
                    "announce",
                    "synse"),
            List.of("haproxy", "service_conf_dir", "nginx"));
    static final Keys RELOAD = of(List.of("watch", "interval"), List.of());
    static final Keys ADMIN = of(List.of("address", "socket", "tls"), List.of());
    static final Keys ADMIN_TLS = of(List.of("certificate", "key", "client_ca"), List.of());
    static final Keys TLS = of(
            List.of(
                    "certificate",
                    "key",
                    "certificates",
                    "strict_sni",
                    "protocols",
                    "ciphers",
                    "curves",
                    "alpn",
                    "client_auth",
                    "handshake_timeout",
                    "session"),
            List.of());
    static final Keys BIND = of(List.of("address", "tls"), List.of());
    static final Keys TLS_CERTIFICATE = of(List.of("certificate", "key", "names"), List.of());
    static final Keys CLIENT_AUTH = of(List.of("ca", "mode", "crl"), List.of());
    static final Keys TLS_SESSION = of(List.of("tickets", "lifetime", "cache"), List.of());
    static final Keys STATE_FILE = of(List.of("path", "ttl", "interval"), List.of());
    static final Keys REPLICAS = of(List.of("run_dir"), List.of());
    static final Keys FILE_OUTPUT = of(List.of("output_directory", "purge"), List.of());
    static final Keys SERVICE_FILE_OUTPUT = of(List.of("disabled"), List.of());
    static final Keys STATSD = of(List.of("host", "port", "sample_rate"), List.of());
    static final Keys SERVICE = of(
            List.of(
                    "discovery",
                    "servers",
                    "default_servers",
                    "keep_default_servers",
                    "use_previous_backends",
                    "backend_port_override",
                    "leader_election",
                    "discovery_multi",
                    "load_test_concurrency",
                    "port",
                    "protocol",
                    "balance",
                    "sticky",
                    "slow_start",
                    "panic_threshold",
                    "check",
                    "observe",
                    "on_marked_down",
                    "on_marked_up",
                    "track",
                    "order",
                    "error_pages",
                    "monitor",
                    "timeouts",
                    "retries",
                    "weights",
                    "backup",
                    "routes",
                    "limits",
                    "forwarded_for",
                    "access",
                    "delay",
                    "accept_proxy",
                    "send_proxy",
                    "member_tls",
                    "source_address",
                    "tcp_keep_alive",
                    "socket",
                    "tls",
                    "queue",
                    "connect",
                    "request_headers",
                    "response_headers",
                    "redirects",
                    "deny",
                    "request_id",
                    "via",
                    "failure_status",
                    "access_log",
                    "announce"),
            List.of("haproxy", "file_output", "nginx"));
    static final Keys LABEL_FILTER = of(List.of("label", "value", "condition"), List.of());

    /** Of every {@code discovery}, whatever its method. */
    static final Keys DISCOVERY = of(List.of("method", "label_filters"), List.of("label_filter"));

    static final Keys FILE = of(List.of("path"), List.of());
    static final Keys MULTI = of(List.of("watchers", "resolver"), List.of());
    static final Keys RESOLVER =
            of(List.of("method", "sequential_order", "s3_url", "s3_polling_interval_seconds"), List.of());
    static final Keys ZOOKEEPER = of(
            List.of("hosts", "path", "auth", "tls"),
            List.of("decode", "retry_policy", "discovery_jitter", "generator_config_path"));
    static final Keys ZOOKEEPER_POLL = ZOOKEEPER.and(of(List.of(), List.of("polling_interval_sec")));
    static final Keys ZOOKEEPER_AUTH = of(List.of("scheme", "user", "password"), List.of());
    static final Keys ZOOKEEPER_TLS = of(
            List.of("trust_store", "trust_store_password", "key_store", "key_store_password", "verify_host"),
            List.of());
    static final Keys DECODE = of(List.of(), List.of("method", "endpoint_name"));
    static final Keys RETRY_POLICY =
            of(List.of(), List.of("max_attempts", "max_delay", "base_interval", "max_interval"));
    static final Keys SERVER = of(
            List.of(
                    "name",
                    "host",
                    "port",
                    "path",
                    "weight",
                    "backup",
                    "disabled",
                    "labels",
                    "id",
                    "haproxy_server_options"),
            List.of("haproxy_server_id"));
    static final Keys BALANCE = of(List.of("policy", "draws", "key", "name", "layout", "balance_factor"), List.of());
    static final Keys STICKY = of(
            List.of(
                    "cookie",
                    "mode",
                    "value",
                    "indirect",
                    "no_cache",
                    "post_only",
                    "preserve",
                    "http_only",
                    "secure",
                    "domains",
                    "attributes",
                    "max_idle",
                    "max_life",
                    "persist"),
            List.of());
    static final Keys SLOW_START = of(List.of("window", "aggression"), List.of());
    static final Keys CHECK = of(
            List.of(
                    "http",
                    "tcp",
                    "interval",
                    "fast_interval",
                    "down_interval",
                    "rise",
                    "fall",
                    "timeout",
                    "port",
                    "send_proxy",
                    "spread_percent",
                    "tls"),
            List.of());
    static final Keys MEMBER_TLS = of(
            List.of(
                    "ca",
                    "crl",
                    "verify",
                    "server_name",
                    "server_name_from",
                    "certificate",
                    "key",
                    "protocols",
                    "ciphers",
                    "alpn",
                    "resume"),
            List.of());
    static final Keys ORDER = of(List.of("by", "seed", "max_number"), List.of());
    static final Keys MONITOR = of(List.of("path", "fail_below"), List.of());
    static final Keys OBSERVE = of(List.of("level", "error_limit", "on_error"), List.of());
    static final Keys HTTP_CHECK =
            of(List.of("method", "path", "version", "headers", "expect_status", "expect_body"), List.of());
    static final Keys TIMEOUTS = of(
            List.of("connect", "client", "server", "tunnel", "request", "keep_alive", "member_keep_alive"), List.of());
    static final Keys RETRIES = of(List.of("attempts", "redispatch", "buffer", "on"), List.of());
    static final Keys ROUTE =
            of(List.of("frontend", "host", "path_prefix", "path", "method", "strip_prefix", "host_header"), List.of());
    static final Keys ACCESS = of(List.of("accept", "reject"), List.of());
    static final Keys SOCKET = of(List.of("mode", "user", "group"), List.of());
    static final Keys FRONTEND = of(
            List.of(
                    "bind",
                    "default",
                    "timeouts",
                    "limits",
                    "forwarded_for",
                    "connect",
                    "access",
                    "delay",
                    "accept_proxy",
                    "tcp_keep_alive",
                    "socket",
                    "tls",
                    "request_headers",
                    "response_headers",
                    "redirects",
                    "deny",
                    "request_id",
                    "via",
                    "failure_status",
                    "access_log",
                    "error_pages",
                    "monitor"),
            List.of());
    static final Keys LIMITS = of(
            List.of(
                    "request_line",
                    "head",
                    "headers",
                    "body",
                    "requests_per_connection",
                    "response_head",
                    "connections"),
            List.of());
    static final Keys FRONTEND_LIMITS =
            of(List.of("request_line", "head", "headers", "body", "requests_per_connection", "connections"), List.of());
    static final Keys PROCESS_LIMITS = of(List.of("connections"), List.of());
    static final Keys QUEUE = of(List.of("max_connections", "max_waiting", "max_pending", "timeout"), List.of());
    static final Keys HEADERS = of(List.of("set", "add", "remove"), List.of());
    static final Keys REDIRECT = of(List.of("when", "to", "prefix", "scheme", "status", "drop_query"), List.of());
    static final Keys DENY = of(List.of("when", "status", "after"), List.of());
    static final Keys WHEN = of(List.of("host", "path_prefix", "path", "method", "source"), List.of());
    static final Keys REQUEST_ID = of(List.of("mode", "header", "form"), List.of());
    static final Keys SERVICE_LOG =
            of(List.of("errors_only", "empty", "request_headers", "response_headers"), List.of());
    static final Keys ACCESS_LOG = of(List.of("to", "format", "facility", "tag", "max_size", "keep"), List.of());
    static final Keys FRONTEND_TIMEOUTS = of(List.of("client", "request", "keep_alive"), List.of());
    static final Keys HAPROXY = of(
            List.of(),
            List.of(
                    "global",
                    "defaults",
                    "extra_sections",
                    "shared_frontend",
                    "bind_address",
                    "use_nerve_weights",
                    "do_writes",
                    "do_socket",
                    "do_reloads",
                    "do_checks",
                    "config_file_path",
                    "candidate_config_file_path",
                    "check_command",
                    "reload_command",
                    "socket_file_path",
                    "restart_interval",
                    "restart_jitter",
                    "state_file_path",
                    "state_file_ttl",
                    "server_order_seed",
                    "max_server_id"));
    static final Keys HAPROXY_SERVICE = of(
            List.of(),
            List.of(
                    "disabled",
                    "port",
                    "bind_address",
                    "bind_options",
                    "frontend",
                    "backend",
                    "listen",
                    "shared_frontend",
                    "backend_name",
                    "server_options",
                    "use_nerve_weights",
                    "server_port_override",
                    "backend_order",
                    "cookie_value_method"));

    Keys {
        own = List.copyOf(own);
        known = Collections.unmodifiableSet(new LinkedHashSet<>(known));
    }

    /** Returns these keys and {@code others}. */
    Keys and(Keys others) {
        List<String> both = new ArrayList<>(own);
        both.addAll(others.own);
        Set<String> all = new LinkedHashSet<>(both);
        all.addAll(known);
        all.addAll(others.known);
        return new Keys(both, all);
    }

    static Keys of(List<String> own, List<String> accepted) {
        Set<String> known = new LinkedHashSet<>(own);
        known.addAll(accepted);
        return new Keys(own, known);
    }
}
