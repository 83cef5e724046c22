package io.myelin.launcher.process;

import io.myelin.config.SynseConfig;
import io.myelin.control.ControlLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.kubernetes.KubernetesConfig;
import io.myelin.health.plugin.PluginConfig;
import io.myelin.health.plugin.PluginRegistry;
import io.myelin.health.plugin.UnusableTlsException;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The plugins of Synse and what finds them. Used by one thread, except for {@link #registry()}. */
@OwnedBy(Owner.BUILDER)
final class RunningPlugins implements AutoCloseable {
    private static final String KUBERNETES = "kubernetes";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final PluginRegistry registry;
    private final PluginCertificates certificates;
    private final Future<?> looks;
    private final Sources sources;
    private PluginConfig config;
    private @Nullable KubernetesConfig kubernetes;
    private @Nullable ServiceWatcher watcher;

    private RunningPlugins(PluginRegistry registry, PluginConfig config, Sources sources, ControlLoop control) {
        this.registry = registry;
        this.config = config;
        this.sources = sources;
        this.certificates = new PluginCertificates(registry, config);
        this.looks = control.repeat(LOOK_EVERY, certificates::look);
    }

    /**
     * Begins to look for plugins; returns at once.
     *
     * @throws AssemblyException if a file with certificates cannot be used
     */
    static RunningPlugins start(
            SynseConfig wanted, Sources sources, ControlLoop control, Clock clock, RandomSource random)
            throws AssemblyException {
        try {
            PluginRegistry registry = PluginRegistry.start(wanted.plugins(), clock, random);
            RunningPlugins plugins = new RunningPlugins(registry, wanted.plugins(), sources, control);
            plugins.follow(wanted.kubernetes());
            return plugins;
        } catch (UnusableTlsException e) {
            throw new AssemblyException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns the plugins, safe from any thread. */
    PluginRegistry registry() {
        return registry;
    }

    /**
     * Goes by {@code wanted} from now on.
     *
     * @throws AssemblyException if a file with certificates cannot be used; nothing was changed then
     */
    void reconfigure(SynseConfig wanted) throws AssemblyException {
        PluginConfig next = wanted.plugins();
        if (!next.equals(config)) {
            try {
                registry.reconfigure(next);
            } catch (UnusableTlsException e) {
                throw new AssemblyException(String.valueOf(e.getMessage()), e);
            }
            config = next;
            sources.control().execute(() -> certificates.follow(next));
        }
        follow(wanted.kubernetes());
    }

    @Override
    public void close() {
        looks.cancel(false);
        unfollow();
        registry.close();
    }

    private void follow(@Nullable KubernetesConfig wanted) {
        if (Objects.equals(wanted, kubernetes)) {
            return;
        }
        unfollow();
        kubernetes = wanted;
        if (wanted == null) {
            registry.withdraw(KUBERNETES);
        } else {
            ServiceWatcher next = sources.watchers().watch(SynseConfig.NAME, wanted, registry.discovered(KUBERNETES));
            watcher = next;
            next.start();
        }
    }

    private void unfollow() {
        ServiceWatcher running = watcher;
        watcher = null;
        if (running != null) {
            running.close();
        }
    }
}
