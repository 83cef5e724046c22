package io.myelin.synse;

import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginHealth;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.PluginView.Identity;
import io.myelin.health.plugin.PluginView.Version;
import io.myelin.model.Clock;
import java.util.List;
import java.util.Locale;

/** Plugins in the shapes of the API. */
final class PluginShapes {
    private PluginShapes() {}

    /** A plugin in the list of all. */
    record Summary(String name, String maintainer, String tag, String description, String id, boolean active) {
        static Summary of(PluginView plugin) {
            Identity who = plugin.identity();
            return new Summary(who.name(), who.maintainer(), who.tag(), who.description(), who.id(), plugin.active());
        }
    }

    /**
     * All that is known of a plugin. What stands behind {@code health} is more than Synse Server tells.
     *
     * @param since when it became as it is
     * @param collisions other addresses that answer with the same id and are not used
     */
    record Detail(
            String name,
            String maintainer,
            String tag,
            String description,
            String vcs,
            String id,
            boolean active,
            Network network,
            Version version,
            Health health,
            boolean disabled,
            String reason,
            String since,
            boolean reconnecting,
            List<String> collisions) {
        static Detail of(PluginView plugin, Health health) {
            Identity who = plugin.identity();
            return new Detail(
                    who.name(),
                    who.maintainer(),
                    who.tag(),
                    who.description(),
                    who.vcs(),
                    who.id(),
                    plugin.active(),
                    Network.of(plugin.address()),
                    plugin.version(),
                    health,
                    plugin.disabled(),
                    plugin.reason(),
                    Moments.of(plugin.sinceMillis()),
                    plugin.reconnecting(),
                    plugin.collisions().stream().map(PluginAddress::text).toList());
        }
    }

    /** Where a plugin is spoken to. */
    record Network(String address, String protocol) {
        static Network of(PluginAddress address) {
            return new Network(address.text(), address.protocol().name().toLowerCase(Locale.ROOT));
        }
    }

    /** What a plugin says of its own health. */
    record Health(String timestamp, String status, List<Check> checks) {
        static Health of(PluginHealth health) {
            return new Health(
                    health.timestamp(),
                    health.status().name(),
                    health.checks().stream().map(Check::of).toList());
        }

        /** Returns what is told of a plugin that cannot be asked. */
        static Health unknown(Clock clock) {
            return new Health(Moments.now(clock), PluginHealth.Status.UNKNOWN.name(), List.of());
        }
    }

    /** One thing that a plugin looked at. */
    record Check(String name, String status, String message, String timestamp, String type) {
        static Check of(PluginHealth.Check check) {
            return new Check(check.name(), check.status().name(), check.message(), check.timestamp(), check.type());
        }
    }

    /**
     * The health of all plugins.
     *
     * @param healthy ids of those that say so
     * @param unhealthy ids of those that say otherwise; those that say nothing are in neither list
     */
    record HealthSummary(
            String status, String updated, List<String> healthy, List<String> unhealthy, long active, long inactive) {}
}
