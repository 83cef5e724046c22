package io.myelin.config.reader;

import java.util.List;

/** The keys of a file of Tye's, as Tye spells them. */
final class TyeKeys {
    static final Keys TOP = Keys.of(
            List.of(
                    "name",
                    "services",
                    "ingress",
                    "dashboardPort",
                    "containerEngine",
                    "solution",
                    "namespace",
                    "network",
                    "registry",
                    "extensions"),
            List.of());

    /** What Tye's services may be beside what Myelin's may be. */
    static final Keys SERVICE = Keys.of(
                    List.of("name", "external", "include", "configuration"),
                    List.of(
                            "project",
                            "dockerFile",
                            "dockerFileArgs",
                            "dockerFileContext",
                            "repository",
                            "cloneDirectory",
                            "azureFunction",
                            "pathToFunc",
                            "tags",
                            "build",
                            "buildProperties"))
            .and(Dialect.TYE.spelled(ReplicaKeys.SERVICE));

    static final Keys BINDING = Dialect.TYE.spelled(ReplicaKeys.BINDING).and(Keys.of(List.of(), List.of("routes")));
    static final Keys INGRESS = Keys.of(List.of("name", "bindings", "rules"), List.of("replicas", "tags"));
    static final Keys INGRESS_BINDING =
            Keys.of(List.of("name", "port", "protocol", "ip", "certificate", "key"), List.of());
    static final Keys INGRESS_RULE = Keys.of(List.of("service", "path", "host", "preservePath"), List.of());

    private TyeKeys() {}
}
