package io.myelin.config;

import io.myelin.config.operator.OperatorConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the configuration files of one process say.
 *
 * @param services in file order, with unique names; a broken service is not among them
 * @param frontends listeners that several services share
 * @param admin where operators reach the process
 * @param maxConnections how many clients there may be at all listeners together, 0 for any number
 * @param reload when the files are read again
 * @param operators what operators' tools are given
 * @param announce what instances of this host are announced
 * @param application what instances of this host are run
 * @param synse which plugins of Synse there are and how they are reached, {@code null} if nothing is said of them or it
 *     cannot be used
 */
public record MyelinConfig(
        List<ServiceConfig> services,
        List<ListenerConfig> frontends,
        BindAddress admin,
        int maxConnections,
        ReloadConfig reload,
        OperatorConfig operators,
        AnnounceSettings announce,
        ApplicationConfig application,
        @Nullable SynseConfig synse) {
    /** The address that Envoy made customary. */
    public static final BindAddress DEFAULT_ADMIN = new BindAddress("127.0.0.1", 9901);

    /** A configuration without plugins. */
    public MyelinConfig(
            List<ServiceConfig> services,
            List<ListenerConfig> frontends,
            BindAddress admin,
            int maxConnections,
            ReloadConfig reload,
            OperatorConfig operators,
            AnnounceSettings announce,
            ApplicationConfig application) {
        this(services, frontends, admin, maxConnections, reload, operators, announce, application, null);
    }

    /** A configuration that runs nothing. */
    public MyelinConfig(
            List<ServiceConfig> services,
            List<ListenerConfig> frontends,
            BindAddress admin,
            int maxConnections,
            ReloadConfig reload,
            OperatorConfig operators,
            AnnounceSettings announce) {
        this(services, frontends, admin, maxConnections, reload, operators, announce, ApplicationConfig.NONE);
    }

    /** A configuration that announces and runs nothing. */
    public MyelinConfig(
            List<ServiceConfig> services,
            List<ListenerConfig> frontends,
            BindAddress admin,
            int maxConnections,
            ReloadConfig reload,
            OperatorConfig operators) {
        this(services, frontends, admin, maxConnections, reload, operators, AnnounceSettings.NONE);
    }

    public MyelinConfig {
        services = List.copyOf(services);
        frontends = List.copyOf(frontends);
    }
}
