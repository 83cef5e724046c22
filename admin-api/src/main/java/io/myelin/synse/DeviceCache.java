package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.health.plugin.Selector;
import io.myelin.synse.Catalogue.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices there are. Plugins are asked again when they are asked to be, and when one has become active since they
 * were; whoever comes meanwhile waits for the same answers. Any thread.
 */
final class DeviceCache {
    private static final Logger log = LoggerFactory.getLogger(DeviceCache.class);

    private final Plugins plugins;
    private final AtomicReference<@Nullable Round> running = new AtomicReference<>();
    private volatile Catalogue catalogue = Catalogue.EMPTY;

    /**
     * Plugins are being asked.
     *
     * @param all whether those are asked, too, of whom nothing new is to be expected
     */
    private record Round(boolean all, CompletableFuture<Catalogue> over) {}

    DeviceCache(Plugins plugins) {
        this.plugins = plugins;
    }

    /** Returns what is known, however old it is. */
    Catalogue known() {
        return catalogue;
    }

    /** Returns what is known once every active plugin was asked. */
    CompletionStage<Catalogue> current() {
        Catalogue known = catalogue;
        List<PluginView> now = plugins.list();
        if (!now.isEmpty() && known.covers(now)) {
            return CompletableFuture.completedFuture(known);
        }
        // One that was under way may have begun before the plugin was there.
        return round(now.isEmpty(), false)
                .thenCompose(made ->
                        made.covers(plugins.list()) ? CompletableFuture.completedFuture(made) : round(false, false));
    }

    /** Asks every plugin, after those that are not active have been looked at. */
    CompletionStage<Catalogue> rebuild() {
        List<PluginView> now = plugins.list();
        return round(now.isEmpty() || !now.stream().allMatch(PluginView::active), true);
    }

    /** Asks every plugin although nothing says that devices have changed. */
    CompletionStage<Catalogue> askAgain() {
        return round(false, true);
    }

    private CompletionStage<Catalogue> round(boolean looking, boolean all) {
        Round mine = new Round(all, new CompletableFuture<>());
        Round other = running.compareAndExchange(null, mine);
        if (other != null) {
            return other.all() || !all
                    ? other.over()
                    : other.over().handle((made, failure) -> true).thenCompose(over -> round(looking, true));
        }
        looked(looking).thenCompose(done -> ask(all)).whenComplete((said, failure) -> {
            if (failure == null) {
                catalogue = Catalogue.of(said, catalogue);
            }
            running.set(null);
            if (failure == null) {
                mine.over().complete(catalogue);
            } else {
                mine.over().completeExceptionally(failure);
            }
        });
        return mine.over();
    }

    /** Fails if it cannot begin, so that the round ends in any case. */
    private CompletionStage<Boolean> looked(boolean looking) {
        CompletableFuture<Boolean> begun = CompletableFuture.completedFuture(looking);
        return looking ? begun.thenCompose(begin -> plugins.refresh().thenApply(over -> true)) : begun;
    }

    private CompletionStage<List<Part>> ask(boolean all) {
        Catalogue before = catalogue;
        List<CompletableFuture<Part>> asked = new ArrayList<>();
        for (PluginView plugin : plugins.list()) {
            Part part = all ? null : before.part(plugin);
            if (part != null) {
                asked.add(CompletableFuture.completedFuture(part));
            } else if (!plugin.disabled()) {
                asked.add(ask(plugin).toCompletableFuture());
            }
        }
        return Together.all(asked);
    }

    private CompletionStage<Part> ask(PluginView plugin) {
        Part silent = new Part(plugin.id(), plugin.connects(), false, List.of());
        if (!plugin.active()) {
            return CompletableFuture.completedFuture(silent);
        }
        return plugins.of(plugin.id())
                .map(calls -> calls.devices(Selector.ALL).handle((devices, failure) -> {
                    if (failure == null) {
                        return new Part(plugin.id(), plugin.connects(), true, owned(devices, plugin.id()));
                    }
                    silent(plugin.id(), failure);
                    return silent;
                }))
                .orElse(CompletableFuture.completedFuture(silent));
    }

    /** Says once that a plugin does not answer, until it does. */
    private void silent(String plugin, Throwable failure) {
        if (catalogue.answered(plugin)) {
            log.warn("Devices not listed: plugin={} error={}", plugin, Together.reason(failure));
        }
    }

    /** Whatever a device says, its plugin is the one that it was found at. */
    private static List<Device> owned(List<Device> devices, String plugin) {
        return devices.stream()
                .map(device -> device.plugin().equals(plugin)
                        ? device
                        : new Device(
                                device.timestamp(),
                                device.id(),
                                device.type(),
                                plugin,
                                device.description(),
                                device.alias(),
                                device.metadata(),
                                device.mode(),
                                device.actions(),
                                device.tags(),
                                device.outputs(),
                                device.sortIndex()))
                .toList();
    }
}
