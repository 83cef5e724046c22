package io.myelin.config.reader;

import java.util.List;

/** The keys that describe probes and replicas, in Myelin's spelling; Tye's files spell them in camel case. */
final class ReplicaKeys {
    /** Of a service, beside {@link Keys#SERVICE}. */
    static final Keys SERVICE = Keys.of(
            List.of(
                    "executable",
                    "image",
                    "args",
                    "working_directory",
                    "volumes",
                    "env",
                    "env_file",
                    "replicas",
                    "bindings",
                    "restart",
                    "stop_timeout",
                    "liveness",
                    "readiness",
                    "demotion",
                    "drain_timeout",
                    "restart_hook"),
            List.of());

    /** Of a service, whether its members are run here or elsewhere. */
    static final Keys WHOLE_SERVICE = Keys.SERVICE.and(SERVICE);

    static final Keys BINDING = Keys.of(
            List.of("name", "port", "container_port", "host", "protocol", "connection_string", "certificate", "key"),
            List.of());
    static final Keys VARIABLE = Keys.of(List.of("name", "value"), List.of());
    static final Keys VOLUME = Keys.of(List.of("source", "name", "target"), List.of());
    static final Keys RESTART =
            Keys.of(List.of("first_wait", "longest_wait", "stable_after", "max_restarts"), List.of());
    static final Keys PROBE = Keys.of(
            List.of(
                    "http",
                    "tcp",
                    "grpc",
                    "exec",
                    "initial_delay",
                    "period",
                    "timeout",
                    "success_threshold",
                    "failure_threshold"),
            List.of());
    static final Keys HTTP_PROBE = Keys.of(List.of("path", "port", "protocol", "headers", "verify"), List.of());
    static final Keys TCP_PROBE = Keys.of(List.of("port"), List.of());
    static final Keys GRPC_PROBE = Keys.of(List.of("service", "port", "protocol", "verify"), List.of());
    static final Keys RESTART_HOOK = Keys.of(List.of("url", "command"), List.of());

    private ReplicaKeys() {}
}
