package io.myelin.launcher.process;

import io.myelin.config.SynseConfig;
import io.myelin.control.ControlLoop;
import io.myelin.health.plugin.Plugins;
import io.myelin.model.Clock;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ConnectionRoom;
import io.myelin.server.ListenerStatus;
import io.myelin.synse.SynseApi;
import io.myelin.synse.SynseServer;
import io.myelin.synse.SynseSettings;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import io.myelin.tls.TlsStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The listener of Synse's HTTP API. Opened and closed by one thread. */
final class SynseDoor implements AutoCloseable {
    /** What the listener is called wherever listeners are shown. */
    private static final String NAME = "synse";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final SynseConfig config;
    private final SynseServer server;
    private final @Nullable TlsIdentity identity;
    private final @Nullable Future<?> looks;

    private SynseDoor(
            SynseConfig config, SynseServer server, @Nullable TlsIdentity identity, @Nullable Future<?> looks) {
        this.config = config;
        this.server = server;
        this.identity = identity;
        this.looks = looks;
    }

    /**
     * Returns what {@link #open} shows to clients, {@code null} for nothing.
     *
     * @throws AssemblyException if a file with certificates cannot be used
     */
    static @Nullable TlsIdentity identity(SynseConfig config, Clock clock) throws AssemblyException {
        TlsConfig tls = config.tls();
        try {
            return tls == null ? null : TlsIdentity.of(tls, clock);
        } catch (MalformedPemException e) {
            throw new AssemblyException("ssl: " + e.getMessage(), e);
        }
    }

    /**
     * Listens where {@code config} says; returns once requests are answered.
     *
     * @param identity of that configuration
     * @param values returns the effective values of all keys
     * @throws AssemblyException if it cannot listen there
     */
    static SynseDoor open(
            SynseConfig config,
            @Nullable TlsIdentity identity,
            Plugins plugins,
            Supplier<Map<String, Object>> values,
            ControlLoop control,
            Clock clock)
            throws AssemblyException {
        SynseSettings settings = new SynseSettings(
                config.prettyJson(), config.metrics(), config.deviceRebuildEvery(), config.transactionTtl(), values);
        SynseApi api = new SynseApi(plugins, settings, clock);
        try {
            SynseServer server =
                    SynseServer.start(config.address(), api, identity == null ? null : identity::newHandler, clock);
            Future<?> looks = identity == null ? null : control.repeat(LOOK_EVERY, () -> identity.refresh(NAME));
            return new SynseDoor(config, server, identity, looks);
        } catch (IOException e) {
            throw new AssemblyException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns whether {@code wanted} needs nothing but what this is. */
    boolean serves(SynseConfig wanted) {
        return listensAt(wanted)
                && config.prettyJson() == wanted.prettyJson()
                && config.metrics() == wanted.metrics()
                && config.deviceRebuildEvery().equals(wanted.deviceRebuildEvery())
                && config.transactionTtl().equals(wanted.transactionTtl())
                && Objects.equals(config.tls(), wanted.tls());
    }

    /** Returns whether it listens where {@code wanted} says. */
    boolean listensAt(SynseConfig wanted) {
        return config.address().equals(wanted.address());
    }

    SynseConfig config() {
        return config;
    }

    /** Returns such as {@code https://0.0.0.0:5000}. */
    String url() {
        BindAddress bound = config.address().at(server.address().getPort());
        return (config.tls() == null ? "http://" : "https://") + bound;
    }

    ListenerStatus status() {
        return new ListenerStatus(
                NAME,
                config.address(),
                true,
                server.address().getPort(),
                Protocol.HTTP,
                0,
                0,
                ConnectionRoom.UNLIMITED,
                identity == null ? null : TlsStatus.of(identity),
                null);
    }

    /** Takes no more connections; completes when all are gone or were cut, with how many were. */
    CompletionStage<Integer> drain(Duration limit) {
        return server.drain(limit);
    }

    @Override
    public void close() {
        Future<?> running = looks;
        if (running != null) {
            running.cancel(false);
        }
        server.close();
    }
}
