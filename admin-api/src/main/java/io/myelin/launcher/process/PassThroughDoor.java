package io.myelin.launcher.process;

import io.myelin.config.SynseConfig;
import io.myelin.health.plugin.PassThrough;
import io.myelin.health.plugin.PassThroughConfig;
import io.myelin.health.plugin.PluginRegistry;
import io.myelin.health.plugin.UnusableTlsException;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The listener at which calls are passed on to plugins. Opened and closed by one thread. */
final class PassThroughDoor implements AutoCloseable {
    /** What the listener is called wherever listeners are shown. */
    private static final String NAME = "synse-pass-through";

    private final SynseConfig.PassThrough config;
    private final Map<Path, Object> stamps;
    private final PassThrough listener;

    private PassThroughDoor(SynseConfig.PassThrough config, Map<Path, Object> stamps, PassThrough listener) {
        this.config = config;
        this.stamps = stamps;
        this.listener = listener;
    }

    /**
     * Listens where {@code config} says.
     *
     * @throws AssemblyException if it cannot listen there, or a file with certificates cannot be used
     */
    static PassThroughDoor open(SynseConfig.PassThrough config, PluginRegistry plugins) throws AssemblyException {
        BindAddress wanted = config.address();
        InetSocketAddress address = wanted.host().equals("*")
                ? new InetSocketAddress(wanted.port())
                : new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw new AssemblyException("pass_through: unknown host " + wanted.host(), null);
        }
        Map<Path, Object> stamps = stamps(config);
        try {
            PassThrough listener =
                    PassThrough.open(plugins, new PassThroughConfig(address, config.certificate(), config.key()));
            return new PassThroughDoor(config, stamps, listener);
        } catch (IOException | UnusableTlsException e) {
            throw new AssemblyException("pass_through: " + e.getMessage(), e);
        }
    }

    /** Returns whether it is what {@code wanted} says, with the files as they are now. */
    boolean serves(SynseConfig.PassThrough wanted) {
        return config.equals(wanted) && stamps.equals(stamps(wanted));
    }

    ListenerStatus status() {
        return new ListenerStatus(
                NAME, config.address(), true, listener.address().getPort(), Protocol.TCP, 0, 0, null);
    }

    /** Returns such as {@code 0.0.0.0:5010}. */
    String address() {
        return config.address().at(listener.address().getPort()).toString();
    }

    @Override
    public void close() {
        listener.close();
    }

    private static Map<Path, Object> stamps(SynseConfig.PassThrough config) {
        List<Path> files = Stream.of(config.certificate(), config.key())
                .filter(Objects::nonNull)
                .toList();
        return FileWatch.stamps(files, List.of());
    }
}
