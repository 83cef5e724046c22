package io.myelin.config;

import io.myelin.health.replica.ReplicatedConfig;
import java.util.List;

/**
 * The services whose replicas this process runs, which know of each other.
 *
 * @param name of the application
 * @param source the file that describes it, empty if no single one does
 * @param services with unique names; for every binding of each there is a {@link ServiceConfig}, whose name is the
 *     binding's pool
 */
public record ApplicationConfig(String name, String source, List<ReplicatedConfig> services) {
    /** No replicas are run. */
    public static final ApplicationConfig NONE = new ApplicationConfig("myelin", "", List.of());

    public ApplicationConfig {
        services = List.copyOf(services);
    }
}
