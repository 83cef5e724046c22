package io.myelin.health.plugin;

import java.util.List;

/**
 * One plugin as it is known at one moment.
 *
 * @param identity what it last said of itself
 * @param version what it last said of its build
 * @param address where it is spoken to
 * @param active whether its last call came through; never of a disabled one
 * @param disabled whether no source names it any more
 * @param reason why it is as it is, for people
 * @param sinceMillis wall clock at which it became so
 * @param connects how often it became active
 * @param disconnects how often it stopped being active
 * @param reconnecting whether it is being tried again now
 * @param collisions other addresses that answer with the same id and are not used
 */
public record PluginView(
        Identity identity,
        Version version,
        PluginAddress address,
        boolean active,
        boolean disabled,
        String reason,
        long sinceMillis,
        long connects,
        long disconnects,
        boolean reconnecting,
        List<PluginAddress> collisions) {
    /**
     * Who a plugin is.
     *
     * @param id what it is known by wherever it runs
     * @param tag its maintainer and name in one word
     */
    public record Identity(String name, String maintainer, String tag, String description, String vcs, String id) {}

    /** What a plugin was built from. */
    public record Version(
            String pluginVersion,
            String sdkVersion,
            String buildDate,
            String gitCommit,
            String gitTag,
            String arch,
            String os) {}

    public PluginView {
        collisions = List.copyOf(collisions);
    }

    public String id() {
        return identity.id();
    }
}
