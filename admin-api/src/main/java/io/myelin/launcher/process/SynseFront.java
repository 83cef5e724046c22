package io.myelin.launcher.process;

import io.myelin.admin.PluginsView;
import io.myelin.admin.PluginsView.Plugin;
import io.myelin.admin.PluginsView.Unregistered;
import io.myelin.config.LoadedConfig;
import io.myelin.config.SynseConfig;
import io.myelin.control.ControlLoop;
import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginView;
import io.myelin.health.plugin.Plugins;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.myelin.server.ListenerStatus;
import io.myelin.tls.CurrentIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of Synse's: the plugins, what finds them, and the API before them. Without a configuration of it there is
 * no thread of it, and none of its classes is loaded.
 *
 * <p>One thread settles and closes it; {@link #view()} and {@link #listeners()} may be asked from any.
 */
@OwnedBy(Owner.BUILDER)
final class SynseFront implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SynseFront.class);

    private final Sources sources;
    private final ControlLoop control;
    private final Clock clock;
    private final RandomSource random;
    private SynseAddress address = SynseAddress.OF_FILES;
    private volatile @Nullable SynseConfig config;
    private volatile @Nullable RunningPlugins plugins;
    private volatile @Nullable SynseDoor door;
    private volatile @Nullable PassThroughDoor passThrough;
    private volatile @Nullable String error;

    SynseFront(Sources sources, ControlLoop control, Clock clock, RandomSource random) {
        this.sources = sources;
        this.control = control;
        this.clock = clock;
        this.random = random;
    }

    /** Says where the API listens whatever files say; to be called before anything is settled. */
    void listenAt(SynseAddress wanted) {
        address = wanted;
    }

    /**
     * Makes what {@code loaded} says what there is. What of it cannot be used stays as it was.
     *
     * @throws AssemblyException if something cannot be had, such as a port; settling again tries it again
     */
    void settle(LoadedConfig loaded) throws AssemblyException {
        SynseConfig stated = loaded.config().synse();
        if (!loaded.synseErrors().isEmpty()) {
            error = loaded.synseErrors().get(0).toString();
            log.error("Plugins not changed, their configuration cannot be used");
        } else if (stated == null) {
            close();
        } else {
            try {
                settle(stated.at(address.over(stated.address())));
                error = null;
            } catch (AssemblyException e) {
                error = e.getMessage();
                throw e;
            }
        }
    }

    private void settle(SynseConfig wanted) throws AssemblyException {
        RunningPlugins running = settlePlugins(wanted);
        settleDoor(wanted, running);
        settlePassThrough(wanted, running);
        if (!wanted.equals(config)) {
            config = wanted;
            log.info(
                    "Plugins configured: addresses={} kubernetes={}",
                    wanted.plugins().configured().size(),
                    wanted.kubernetes() != null);
        }
        SynseLogging.set(wanted.logging());
    }

    private RunningPlugins settlePlugins(SynseConfig wanted) throws AssemblyException {
        RunningPlugins running = plugins;
        if (running == null) {
            running = RunningPlugins.start(wanted, sources, control, clock, random);
            plugins = running;
        } else {
            running.reconfigure(wanted);
        }
        return running;
    }

    private void settleDoor(SynseConfig wanted, RunningPlugins running) throws AssemblyException {
        SynseDoor open = door;
        if (open != null && open.serves(wanted)) {
            open.encrypt(wanted);
            return;
        }
        CurrentIdentity identity = SynseDoor.identity(wanted, clock);
        if (open == null) {
            door = open(wanted, identity, running);
        } else if (open.listensAt(wanted)) {
            door = reopened(open, wanted, identity, running);
        } else {
            door = open(wanted, identity, running);
            open.close();
        }
    }

    /** Opens a door at the address of {@code before}, which has to be closed first; if it cannot, the old one again. */
    private SynseDoor reopened(SynseDoor before, SynseConfig wanted, CurrentIdentity identity, RunningPlugins running)
            throws AssemblyException {
        door = null;
        before.close();
        try {
            return open(wanted, identity, running);
        } catch (AssemblyException e) {
            door = open(before.config(), SynseDoor.identity(before.config(), clock), running);
            throw e;
        }
    }

    private SynseDoor open(SynseConfig wanted, CurrentIdentity identity, RunningPlugins running)
            throws AssemblyException {
        return SynseDoor.open(wanted, identity, running.registry(), () -> values(wanted), control, clock);
    }

    private void settlePassThrough(SynseConfig wanted, RunningPlugins running) throws AssemblyException {
        SynseConfig.PassThrough next = wanted.passThrough();
        PassThroughDoor open = passThrough;
        if (next == null) {
            passThrough = null;
            if (open != null) {
                open.close();
            }
        } else if (open == null) {
            passThrough = open(next, PassThroughDoor.identity(next, clock), running);
        } else if (!open.follow(next)) {
            replace(open, next, running);
        }
    }

    private void replace(PassThroughDoor before, SynseConfig.PassThrough next, RunningPlugins running)
            throws AssemblyException {
        CurrentIdentity identity = PassThroughDoor.identity(next, clock);
        if (!before.listensAt(next)) {
            passThrough = open(next, identity, running);
            before.close();
            return;
        }
        SynseConfig.PassThrough old = before.config();
        passThrough = null;
        before.close();
        try {
            passThrough = open(next, identity, running);
        } catch (AssemblyException e) {
            passThrough = open(old, PassThroughDoor.identity(old, clock), running);
            throw e;
        }
    }

    private PassThroughDoor open(SynseConfig.PassThrough wanted, CurrentIdentity identity, RunningPlugins running)
            throws AssemblyException {
        return PassThroughDoor.open(wanted, identity, running.registry(), control);
    }

    /** Returns the effective values of all keys; any thread. */
    private Map<String, Object> values(SynseConfig otherwise) {
        SynseConfig now = config;
        return (now == null ? otherwise : now).values();
    }

    /** Returns what operators see of it, {@code null} if there is nothing. */
    @Nullable
    PluginsView view() {
        RunningPlugins running = plugins;
        String latest = error;
        if (running == null) {
            return latest == null ? null : new PluginsView(null, null, List.of(), List.of(), List.of(), latest);
        }
        SynseDoor api = door;
        PassThroughDoor pass = passThrough;
        return new PluginsView(
                api == null ? null : api.url(),
                pass == null ? null : pass.address(),
                running.registry().list().stream().map(SynseFront::plugin).toList(),
                running.registry().unregistered().stream()
                        .map(SynseFront::unregistered)
                        .toList(),
                running.registry().sources(),
                latest);
    }

    private static Unregistered unregistered(Plugins.Unregistered site) {
        return new Unregistered(
                site.address().protocol().name().toLowerCase(Locale.ROOT),
                site.address().text(),
                site.reason());
    }

    private static Plugin plugin(PluginView view) {
        return new Plugin(
                view.id(),
                view.identity().tag(),
                view.identity().name(),
                view.address().protocol().name().toLowerCase(Locale.ROOT),
                view.address().text(),
                view.active(),
                view.disabled(),
                view.reason(),
                Instant.ofEpochMilli(view.sinceMillis()).toString(),
                view.connects(),
                view.disconnects(),
                view.reconnecting(),
                view.collisions().stream().map(PluginAddress::text).toList());
    }

    /** Returns what became of its addresses. */
    List<ListenerStatus> listeners() {
        SynseDoor api = door;
        PassThroughDoor pass = passThrough;
        return Stream.of(api == null ? null : api.status(), pass == null ? null : pass.status())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Takes no more connections; completes when none is left at the API, with how many were cut. */
    CompletionStage<Integer> drain(Duration limit) {
        PassThroughDoor pass = passThrough;
        if (pass != null) {
            pass.drain();
        }
        SynseDoor api = door;
        return api == null ? CompletableFuture.completedFuture(0) : api.drain(limit);
    }

    @Override
    public void close() {
        SynseDoor api = door;
        PassThroughDoor pass = passThrough;
        RunningPlugins running = plugins;
        config = null;
        error = null;
        door = null;
        passThrough = null;
        plugins = null;
        if (api != null) {
            api.close();
        }
        if (pass != null) {
            pass.close();
        }
        if (running != null) {
            running.close();
        }
    }
}
