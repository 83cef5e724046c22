package io.myelin.config.reader;

import java.util.List;

/** The keys of Synse Server's {@code config.yml}, and those that Myelin has beside them. */
final class SynseKeys {
    static final Keys TOP = Keys.of(
            List.of("logging", "pretty_json", "plugin", "cache", "grpc", "ssl", "metrics", "address", "pass_through"),
            List.of());
    static final Keys PLUGIN = Keys.of(List.of("tcp", "unix", "discover"), List.of());
    static final Keys DISCOVER = Keys.of(List.of("kubernetes"), List.of());
    /** Those behind the first two are Myelin's, and are needed where the pod's own access will not do. */
    static final Keys KUBERNETES = Keys.of(
                    List.of("namespace", "endpoints"),
                    List.of("resource", "api_url", "token_file", "kubeconfig", "context"))
            .and(Keys.of(List.of(), TlsFilesReader.KEYS.own()));

    static final Keys ENDPOINTS = Keys.of(List.of("labels"), List.of());
    static final Keys CACHE = Keys.of(List.of("device", "plugin", "transaction"), List.of());

    /** Synse's documentation prints the second one for that of the plugins. */
    static final Keys CACHE_DEVICE = Keys.of(List.of("rebuild_every"), List.of("refresh_every"));

    static final Keys CACHE_PLUGIN = Keys.of(List.of("refresh_every"), List.of());
    static final Keys CACHE_TRANSACTION = Keys.of(List.of("ttl"), List.of());
    static final Keys GRPC = Keys.of(List.of("timeout", "tls"), List.of());
    static final Keys GRPC_TLS = Keys.of(List.of("cert", "client_cert", "client_key", "server_name"), List.of());
    static final Keys CERTIFICATE = Keys.of(List.of("cert", "key"), List.of());
    static final Keys METRICS = Keys.of(List.of("enabled"), List.of());
    static final Keys PASS_THROUGH = Keys.of(List.of("port", "address", "tls"), List.of());

    private SynseKeys() {}
}
