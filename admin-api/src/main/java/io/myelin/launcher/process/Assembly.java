package io.myelin.launcher.process;

import io.myelin.accesslog.AccessLogs;
import io.myelin.admin.AdminServer;
import io.myelin.admin.BrokenService;
import io.myelin.admin.ProcessView;
import io.myelin.config.ApplicationConfig;
import io.myelin.config.LoadedConfig;
import io.myelin.control.ControlLoop;
import io.myelin.discovery.Watchers;
import io.myelin.files.RememberedState;
import io.myelin.health.Checker;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProxyConfig;
import io.myelin.server.ProxyServer;
import io.myelin.server.ServerOptions;
import io.myelin.tye.Views;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the process, wired: a data plane, and for each service a watcher and checks that feed its pool.
 *
 * <p>Used by one thread, except for {@link #view()}.
 */
public final class Assembly implements AutoCloseable {
    private static final Duration TEND_PERIOD = Duration.ofSeconds(1);

    /** Binding takes milliseconds; a host name that does not resolve may take much longer. */
    private static final Duration APPLY_LIMIT = Duration.ofSeconds(30);

    /** The environment variable that lets operators see the values of replicas' variables. */
    private static final String SECRETS_SHOWN = "MYELIN_SHOW_ENVIRONMENT";

    private static final Logger log = LoggerFactory.getLogger(Assembly.class);

    private final ControlLoop control = new ControlLoop();
    private final AccessLogs accessLogs;
    private final ProxyServer server;
    private final Sources sources;
    private final ServiceRoster services;
    private final RegistryConfig registry;
    private final SwitchedOffServices switchedOff;
    private final OperatorTools tools;
    private final AnnouncementRoster announcements;
    private final ReplicaRoster replicas;
    private final DevelopmentListeners development;
    private final Path runDirectory;
    private final SynseFront synse;
    private final ProcessState state;
    private volatile ApplicationConfig application = ApplicationConfig.NONE;

    /**
     * Creates a process that serves nothing yet.
     *
     * @param runDirectory where replicas are written down unless the configuration names another place
     */
    Assembly(
            ServerOptions options,
            String version,
            RegistryConfig registry,
            Path runDirectory,
            Clock clock,
            RandomSource random) {
        this.registry = registry;
        accessLogs = new AccessLogs(options.loops(), clock);
        server = new ProxyServer(options, control, clock, random, accessLogs);
        accessLogs.observe(server::openConnections);
        sources = new Sources(
                Watchers.load(clock),
                new Checker(1, clock, random, new SharedEncryption(server.memberContexts())),
                registry,
                control,
                clock);
        services = new ServiceRoster(sources);
        switchedOff = new SwitchedOffServices(sources);
        tools = new OperatorTools(server, sources, options.loops(), version, clock);
        announcements = new AnnouncementRoster(
                sources,
                clock,
                config -> new AnnouncementMetrics(config.name(), config.reporter(), version, tools.nerveMetrics()));
        replicas = new ReplicaRoster(sources.monitor(), control, clock, random, runDirectory);
        development = new DevelopmentListeners(clock);
        this.runDirectory = runDirectory;
        synse = new SynseFront(sources, control, clock, random);
        Views orchestrated = new Views(replicas.control(), Boolean.parseBoolean(System.getenv(SECRETS_SHOWN)));
        state = new ProcessState(
                server,
                sources,
                announcements,
                replicas.orders(),
                accessLogs,
                tools,
                orchestrated,
                synse,
                version,
                clock);
    }

    /** Returns what operators see of the process; it may be asked at any time, from any thread. */
    public ProcessView view() {
        return state;
    }

    /** Returns what operators see of replicas and do to them; it may be used at any time, from any thread. */
    public ReplicaControl replicas() {
        return replicas.control();
    }

    /** Shows operators the certificates of their own listener, and takes up files of those that change. */
    void tend(AdminServer admin) {
        state.onAdmin(admin::tls);
        control.repeat(TEND_PERIOD, admin::refresh);
    }

    /** Takes what the state file said at the start; to be called before anything is applied. */
    void remember(RememberedState state) {
        tools.remember(state);
    }

    /**
     * Answers Synse's users, if {@code loaded} says anything of plugins; to be called once, before it is applied.
     *
     * @param address where the command line wants them answered
     * @throws AssemblyException if that is not possible
     */
    void answerSynse(LoadedConfig loaded, SynseAddress address) throws AssemblyException {
        synse.listenAt(address);
        synse.settle(loaded);
    }

    /** Returns the application of the latest configuration; safe from any thread. */
    public ApplicationConfig application() {
        return application;
    }

    /**
     * Makes {@code loaded} what runs. A service that it cannot use keeps the version that runs, if there is one.
     *
     * @return what became of every address of every listener
     * @throws AssemblyException if the data plane refuses the configuration; what ran goes on
     */
    public List<ListenerStatus> apply(LoadedConfig loaded) throws AssemblyException, InterruptedException {
        EffectiveConfig effective = EffectiveConfig.of(services.configs(), loaded);
        accessLogs.settle(AccessLogs.destinations(effective.accessLogs()));
        tools.recall(loaded.config().operators(), effective.services());
        List<ListenerStatus> listeners =
                serve(developed(effective.proxy(), loaded.config().application()));
        List<BrokenService> refused = services.reconcile(effective.services(), server::pool);
        application = loaded.config().application();
        replicas.reconcile(loaded, listeners, server::pool);
        announcements.reconcile(loaded.config().announce());
        switchedOff.reconcile(registry.switchedOff(loaded));
        tools.settle(loaded.config().operators(), !announcements.views().isEmpty());
        settleSynse(loaded);
        state.onApplied(Stream.of(effective.broken(), refused, registry.broken())
                .flatMap(List::stream)
                .toList());
        return Stream.of(listeners, tools.listeners(), synse.listeners())
                .flatMap(List::stream)
                .toList();
    }

    /** What cannot be had of Synse's harms nothing else. */
    private void settleSynse(LoadedConfig loaded) {
        try {
            synse.settle(loaded);
        } catch (AssemblyException e) {
            log.error("Plugins not changed, the previous configuration goes on: error={}", e.getMessage());
        }
    }

    /** Returns how many services run, in whatever version. */
    int running() {
        return services.configs().size();
    }

    /** Returns whether some version of the service runs. */
    boolean runs(String service) {
        return services.configs().stream().anyMatch(config -> config.name().equals(service));
    }

    /** Reports to operators that a configuration was refused as a whole. */
    void refuse(String error) {
        state.onRejected(error);
    }

    /**
     * Reports not ready from now on and withdraws every instance that is announced; completes, once no registry names
     * them any more, with the time for which others may still come because they have not heard of it.
     */
    public CompletionStage<Duration> withdraw() {
        state.beginDraining();
        return announcements.withdraw();
    }

    /** Reports not ready from now on, takes no new connection, and completes when all are gone or were cut. */
    public CompletionStage<Integer> drain(Duration limit) {
        state.beginDraining();
        CompletionStage<Integer> plugins = synse.drain(limit);
        return server.drain(limit).thenCombine(plugins, Integer::sum);
    }

    /** Ends the replicas; completes when none runs any more. */
    CompletionStage<Void> stopReplicas() {
        return replicas.stop();
    }

    /** Returns how long that may take. */
    Duration replicaStopLimit() {
        return replicas.stopLimit();
    }

    /** Cuts everything that still runs. */
    @Override
    public void close() {
        synse.close();
        replicas.close();
        tools.close();
        announcements.close();
        services.close();
        switchedOff.close();
        sources.close();
        server.close();
        control.close();
        accessLogs.close();
    }

    private ProxyConfig developed(ProxyConfig proxy, ApplicationConfig wanted) throws InterruptedException {
        Path directory = wanted.runDirectory();
        return development.resolve(proxy, wanted.developmentTls(), directory == null ? runDirectory : directory);
    }

    private List<ListenerStatus> serve(ProxyConfig proxy) throws AssemblyException, InterruptedException {
        try {
            return server.apply(proxy).toCompletableFuture().get(APPLY_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssemblyException("configuration refused: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new AssemblyException("listeners: not bound after " + APPLY_LIMIT.toSeconds() + " s", e);
        } catch (IllegalArgumentException e) {
            throw new AssemblyException("configuration refused: " + e.getMessage(), e);
        }
    }
}
