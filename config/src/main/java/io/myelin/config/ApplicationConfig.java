package io.myelin.config;

import io.myelin.health.replica.ReplicatedConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The services whose replicas this process runs, which know of each other.
 *
 * @param name of the application
 * @param source the file that describes it, empty if no single one does
 * @param services with unique names; for every binding of each there is a {@link ServiceConfig}, whose name is the
 *     binding's pool
 * @param runDirectory where replicas that run are written down, {@code null} for a place that follows from the files
 * @param anyAdminPort whether operators may be reached at another port if the one of {@link MyelinConfig#admin()} is
 *     taken, because no file says at which
 * @param developmentTls what the certificate for development names, if a listener shows it
 */
public record ApplicationConfig(
        String name,
        String source,
        List<ReplicatedConfig> services,
        @Nullable Path runDirectory,
        boolean anyAdminPort,
        DevelopmentTls developmentTls) {
    /** No replicas are run. */
    public static final ApplicationConfig NONE = new ApplicationConfig("myelin", "", List.of());

    /** An application that leaves the place to the files, and whose operators are reached where they say. */
    public ApplicationConfig(String name, String source, List<ReplicatedConfig> services) {
        this(name, source, services, null, false, DevelopmentTls.HERE);
    }

    public ApplicationConfig {
        services = List.copyOf(services);
    }
}
