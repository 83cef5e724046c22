package io.myelin.launcher.process;

import io.myelin.config.SynseConfig;
import io.myelin.control.ControlLoop;
import io.myelin.health.plugin.PassThrough;
import io.myelin.health.plugin.PassThroughConfig;
import io.myelin.health.plugin.PluginRegistry;
import io.myelin.model.Clock;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ConnectionRoom;
import io.myelin.server.ListenerStatus;
import io.myelin.tls.CurrentContext;
import io.myelin.tls.CurrentIdentity;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The listener at which calls are passed on to plugins. Its certificate may change while it listens; connections keep
 * the one that they began with. One thread opens, changes and closes it; its status may be asked from any.
 */
final class PassThroughDoor implements AutoCloseable {
    /** What the listener is called wherever listeners are shown. */
    private static final String NAME = "synse-pass-through";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final PassThrough listener;
    private final CurrentIdentity identity;
    private final Future<?> looks;
    private volatile SynseConfig.PassThrough config;

    private PassThroughDoor(
            SynseConfig.PassThrough config, PassThrough listener, CurrentIdentity identity, Future<?> looks) {
        this.config = config;
        this.listener = listener;
        this.identity = identity;
        this.looks = looks;
    }

    /**
     * Returns what {@link #open} shows to clients; does not listen.
     *
     * @throws AssemblyException if a file with certificates cannot be used
     */
    static CurrentIdentity identity(SynseConfig.PassThrough config, Clock clock) throws AssemblyException {
        CurrentIdentity identity = new CurrentIdentity(NAME, clock);
        change(identity, config);
        return identity;
    }

    private static void change(CurrentIdentity identity, SynseConfig.PassThrough config) throws AssemblyException {
        try {
            identity.change(tls(config));
        } catch (MalformedPemException e) {
            throw new AssemblyException("pass_through.tls: " + e.getMessage(), e);
        }
    }

    private static @Nullable TlsConfig tls(SynseConfig.PassThrough config) {
        Path certificate = config.certificate();
        Path key = config.key();
        return certificate == null || key == null
                ? null
                : TlsConfig.of(certificate.toString(), key.toString())
                        .with()
                        .alpn(List.of("h2"))
                        .build();
    }

    /**
     * Listens where {@code config} says.
     *
     * @param identity of that configuration
     * @throws AssemblyException if it cannot listen there
     */
    static PassThroughDoor open(
            SynseConfig.PassThrough config, CurrentIdentity identity, PluginRegistry plugins, ControlLoop control)
            throws AssemblyException {
        InetSocketAddress address = resolve(config.address());
        CurrentContext tls = identity.shown() == null ? null : new CurrentContext(identity);
        try {
            PassThrough listener = PassThrough.open(plugins, new PassThroughConfig(address, tls));
            Future<?> looks = control.repeat(LOOK_EVERY, identity::refresh);
            return new PassThroughDoor(config, listener, identity, looks);
        } catch (IOException e) {
            throw new AssemblyException("pass_through: " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress resolve(BindAddress wanted) throws AssemblyException {
        InetSocketAddress address = wanted.host().equals("*")
                ? new InetSocketAddress(wanted.port())
                : new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw new AssemblyException("pass_through: unknown host " + wanted.host(), null);
        }
        return address;
    }

    SynseConfig.PassThrough config() {
        return config;
    }

    /** Returns whether it listens where {@code wanted} says. */
    boolean listensAt(SynseConfig.PassThrough wanted) {
        return config.address().equals(wanted.address());
    }

    /**
     * Becomes what {@code wanted} says, for connections that are yet to come.
     *
     * @return whether it could, which it can with other certificates, but not with another address or without any
     * @throws AssemblyException if a file with certificates cannot be used; nothing was changed then
     */
    boolean follow(SynseConfig.PassThrough wanted) throws AssemblyException {
        boolean encrypted = wanted.certificate() != null;
        if (!listensAt(wanted) || encrypted != (identity.shown() != null)) {
            return false;
        }
        change(identity, wanted);
        config = wanted;
        return true;
    }

    ListenerStatus status() {
        return new ListenerStatus(
                NAME,
                config.address(),
                true,
                listener.address().getPort(),
                Protocol.TCP,
                0,
                0,
                ConnectionRoom.UNLIMITED,
                identity.status(),
                null);
    }

    /** Returns such as {@code 0.0.0.0:5010}. */
    String address() {
        return config.address().at(listener.address().getPort()).toString();
    }

    /** Takes no more calls from now on; those that there are go on until it is closed. */
    void drain() {
        listener.drain();
    }

    @Override
    public void close() {
        looks.cancel(false);
        listener.close();
    }
}
