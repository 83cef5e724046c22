package io.myelin.health.plugin;

import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The plugins that are known, and calls on them. Safe from any thread; nothing waits.
 *
 * <p>Futures complete on a thread of the implementation, which whoever listens must not block.
 */
public interface Plugins {
    /** Returns every plugin that ever answered, by id, disabled ones among them. */
    List<PluginView> list();

    Optional<PluginView> find(String id);

    /**
     * Looks at every address and every plugin, or joins the look that is under way; the stage completes when it is
     * over, exceptionally only if the registry was closed.
     */
    CompletionStage<?> refresh();

    /** Returns what is known of each place that names addresses, such as the configuration or Kubernetes. */
    List<SourceStatus> sources();

    /** Returns the addresses at which no plugin could be registered, with the reasons. */
    default List<Unregistered> unregistered() {
        return List.of();
    }

    /** Returns how many calls were made and answered and how long they took, by method and plugin. */
    List<CallCount> calls();

    /**
     * Returns what calls the plugin {@code id}. Calls on a disabled plugin fail without reaching anything; calls on an
     * inactive one are made.
     */
    Optional<PluginCalls> of(String id);

    /**
     * An address that is named and at which there is no plugin of its own.
     *
     * @param reason for people, empty if it was not looked at yet or the plugin there is used at another address
     */
    record Unregistered(PluginAddress address, String reason) {}
}
