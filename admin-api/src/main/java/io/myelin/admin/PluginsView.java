package io.myelin.admin;

import io.myelin.model.SourceStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of Synse and where their users reach them.
 *
 * @param api the address of Synse's HTTP API, {@code null} while there is none
 * @param passThrough where calls are passed on to plugins, {@code null} for nowhere
 * @param plugins every plugin that ever answered
 * @param unregistered addresses at which no plugin could be registered
 * @param sources what names addresses, such as the configuration
 * @param error why the latest configuration is not in force, {@code null} if it is
 */
public record PluginsView(
        @Nullable String api,
        @Nullable String passThrough,
        List<Plugin> plugins,
        List<Unregistered> unregistered,
        List<SourceStatus> sources,
        @Nullable String error) {
    public PluginsView {
        plugins = List.copyOf(plugins);
        unregistered = List.copyOf(unregistered);
        sources = List.copyOf(sources);
    }

    /**
     * An address without a plugin of its own, as the API shows it.
     *
     * @param reason empty if it was not looked at yet or the plugin there is used at another address
     */
    public record Unregistered(String protocol, String address, String reason) {}

    /**
     * One plugin, as the API shows it.
     *
     * @param id what it is known by wherever it runs
     * @param active whether its last call came through
     * @param disabled whether no source names it any more
     * @param reason why it is as it is
     * @param since when it became so
     * @param connects how often it became active
     * @param disconnects how often it stopped being active
     * @param reconnecting whether it is being tried again now
     * @param collisions other addresses that answer with the same id and are not used
     */
    public record Plugin(
            String id,
            String tag,
            String name,
            String protocol,
            String address,
            boolean active,
            boolean disabled,
            String reason,
            @Nullable String since,
            long connects,
            long disconnects,
            boolean reconnecting,
            List<String> collisions) {
        public Plugin {
            collisions = List.copyOf(collisions);
        }
    }
}
