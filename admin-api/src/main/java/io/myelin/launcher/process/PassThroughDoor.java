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
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import io.myelin.tls.TlsStatus;
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
    private final @Nullable CurrentContext tls;
    private final @Nullable Future<?> looks;
    private final Clock clock;
    private volatile SynseConfig.PassThrough config;

    private PassThroughDoor(
            SynseConfig.PassThrough config,
            PassThrough listener,
            @Nullable CurrentContext tls,
            @Nullable Future<?> looks,
            Clock clock) {
        this.config = config;
        this.listener = listener;
        this.tls = tls;
        this.looks = looks;
        this.clock = clock;
    }

    /**
     * Reads the files of {@code config}, without listening.
     *
     * @return {@code null} if connections are not encrypted
     * @throws AssemblyException if a file with certificates cannot be used
     */
    static @Nullable TlsIdentity identity(SynseConfig.PassThrough config, Clock clock) throws AssemblyException {
        Path certificate = config.certificate();
        Path key = config.key();
        if (certificate == null || key == null) {
            return null;
        }
        TlsConfig tls = TlsConfig.of(certificate.toString(), key.toString())
                .with()
                .alpn(List.of("h2"))
                .build();
        try {
            return TlsIdentity.of(tls, clock);
        } catch (MalformedPemException e) {
            throw new AssemblyException("pass_through.tls: " + e.getMessage(), e);
        }
    }

    /**
     * Listens where {@code config} says.
     *
     * @param shown what {@link #identity} returned for it
     * @throws AssemblyException if it cannot listen there
     */
    static PassThroughDoor open(
            SynseConfig.PassThrough config,
            @Nullable TlsIdentity shown,
            PluginRegistry plugins,
            ControlLoop control,
            Clock clock)
            throws AssemblyException {
        InetSocketAddress address = resolve(config.address());
        CurrentContext tls = shown == null ? null : new CurrentContext(shown);
        try {
            PassThrough listener = PassThrough.open(plugins, new PassThroughConfig(address, tls));
            Future<?> looks = tls == null
                    ? null
                    : control.repeat(LOOK_EVERY, () -> tls.identity().refresh(NAME));
            return new PassThroughDoor(config, listener, tls, looks, clock);
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
        if (!listensAt(wanted) || encrypted != (tls != null)) {
            return false;
        }
        if (tls != null && !wanted.equals(config)) {
            TlsIdentity next = identity(wanted, clock);
            if (next != null) {
                tls.show(next);
            }
            config = wanted;
        }
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
                tls == null ? null : TlsStatus.of(tls.identity()),
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
        if (looks != null) {
            looks.cancel(false);
        }
        listener.close();
    }
}
