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
import io.myelin.tls.CurrentIdentity;
import io.myelin.tls.MalformedPemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** The listener of Synse's HTTP API. Opened and closed by one thread. */
final class SynseDoor implements AutoCloseable {
    /** What the listener is called wherever listeners are shown. */
    private static final String NAME = "synse";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private volatile SynseConfig config;
    private final SynseServer server;
    private final CurrentIdentity identity;
    private final Future<?> looks;

    private SynseDoor(SynseConfig config, SynseServer server, CurrentIdentity identity, Future<?> looks) {
        this.config = config;
        this.server = server;
        this.identity = identity;
        this.looks = looks;
    }

    /**
     * Returns what {@link #open} shows to clients.
     *
     * @throws AssemblyException if a file with certificates cannot be used
     */
    static CurrentIdentity identity(SynseConfig config, Clock clock) throws AssemblyException {
        CurrentIdentity identity = new CurrentIdentity(NAME, clock);
        change(identity, config);
        return identity;
    }

    private static void change(CurrentIdentity identity, SynseConfig config) throws AssemblyException {
        try {
            identity.change(config.tls());
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
            CurrentIdentity identity,
            Plugins plugins,
            Supplier<Map<String, Object>> values,
            ControlLoop control,
            Clock clock)
            throws AssemblyException {
        SynseSettings settings = new SynseSettings(
                config.prettyJson(), config.metrics(), config.deviceRebuildEvery(), config.transactionTtl(), values);
        SynseApi api = new SynseApi(plugins, settings, clock);
        try {
            SynseServer server = SynseServer.start(config.address(), api, identity::newHandler, clock);
            Future<?> looks = control.repeat(LOOK_EVERY, identity::refresh);
            return new SynseDoor(config, server, identity, looks);
        } catch (IOException e) {
            throw new AssemblyException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns whether {@code wanted} needs nothing but what this is and can {@link #encrypt become}. */
    boolean serves(SynseConfig wanted) {
        return listensAt(wanted)
                && config.prettyJson() == wanted.prettyJson()
                && config.metrics() == wanted.metrics()
                && config.deviceRebuildEvery().equals(wanted.deviceRebuildEvery())
                && config.transactionTtl().equals(wanted.transactionTtl());
    }

    /**
     * Lets connections to come begin as {@code wanted} says.
     *
     * @throws AssemblyException if a file with certificates cannot be used; what was goes on
     */
    void encrypt(SynseConfig wanted) throws AssemblyException {
        change(identity, wanted);
        config = wanted;
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
                identity.status(),
                null);
    }

    /** Takes no more connections; completes when all are gone or were cut, with how many were. */
    CompletionStage<Integer> drain(Duration limit) {
        return server.drain(limit);
    }

    @Override
    public void close() {
        looks.cancel(false);
        server.close();
    }
}
