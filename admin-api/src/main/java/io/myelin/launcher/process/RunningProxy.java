package io.myelin.launcher.process;

import io.myelin.admin.AdminBindException;
import io.myelin.admin.AdminServer;
import io.myelin.admin.ChangeRule;
import io.myelin.config.AnnounceSettings;
import io.myelin.config.LoadedConfig;
import io.myelin.config.operator.StateFileConfig;
import io.myelin.config.reader.ParsedFiles;
import io.myelin.files.RememberedState;
import io.myelin.files.StateFile;
import io.myelin.launcher.process.StartException.Reason;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import io.myelin.tye.Application;
import io.myelin.tye.TyeApiHandler;
import io.netty.channel.ChannelPipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A started process: it serves, lets operators look in, reloads when asked, and drains when asked to stop.
 *
 * <p>Started, served and closed by one thread.
 */
public final class RunningProxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningProxy.class);

    /** Names what those must know who change something by the admin API. */
    private static final String TOKEN_VARIABLE = "MYELIN_ADMIN_TOKEN";

    private final LaunchOptions options;
    private final Lifecycle lifecycle;
    private final Assembly assembly;
    private final AdminServer admin;
    private final FileWatch watch;
    private final Reload reload;

    private RunningProxy(
            LaunchOptions options,
            Lifecycle lifecycle,
            Assembly assembly,
            AdminServer admin,
            FileWatch watch,
            Reload reload) {
        this.options = options;
        this.lifecycle = lifecycle;
        this.assembly = assembly;
        this.admin = admin;
        this.watch = watch;
        this.reload = reload;
    }

    /**
     * Starts everything that the files of {@code options} describe and says on {@code console} where it listens. Part
     * of them may be unusable; that part is reported and left out.
     *
     * @throws StartException if nothing can be started
     */
    public static RunningProxy start(LaunchOptions options, Lifecycle lifecycle, Console console)
            throws StartException, InterruptedException {
        FileWatch watch = new FileWatch(options.files(), () -> lifecycle.request(Lifecycle.Request.RELOAD));
        ParsedFiles files = options.parse();
        LoadedConfig alone = files.load();
        requireUsable(alone);
        RegistryConfig registry = new RegistryConfig(files, alone);
        RememberedState state = remembered(alone.config().operators().stateFile());
        LoadedConfig loaded = registry.recall(state.configurations());
        registry.onNews(() -> lifecycle.request(Lifecycle.Request.REGISTRY));
        RunningProxy proxy = open(options, lifecycle, watch, loaded, registry);
        proxy.assembly.remember(state);
        try {
            proxy.begin(loaded, console);
            return proxy;
        } catch (AssemblyException e) {
            proxy.close();
            throw surroundings(e.getMessage());
        }
    }

    private static RememberedState remembered(@Nullable StateFileConfig file) {
        return file == null ? RememberedState.NOTHING : StateFile.read(file, Clock.SYSTEM);
    }

    /** Returns what runs. */
    public Assembly assembly() {
        return assembly;
    }

    /** Returns where operators reach the process, such as {@code http://127.0.0.1:9901}. */
    public String adminUrl() {
        return Announcement.url(admin.address(), admin.tls() != null);
    }

    /** Serves until the process is asked to stop, then withdraws what it announces, drains, and ends its replicas. */
    public void serve() throws InterruptedException {
        lifecycle.awaitStop(reload, reload::takeNews);
        lifecycle.withdraw(assembly::withdraw);
        lifecycle.drain(options.drainLimit(), assembly::drain);
        lifecycle.stopReplicas(assembly.replicaStopLimit(), assembly::stopReplicas);
    }

    @Override
    public void close() {
        watch.close();
        assembly.close();
        admin.close();
        log.info("Stopped");
    }

    private void begin(LoadedConfig loaded, Console console) throws AssemblyException, InterruptedException {
        console.say(Announcement.admin(admin.address(), admin.tls() != null));
        loaded.problems().forEach(problem -> console.complain(problem.toString()));
        loaded.brokenServices().forEach(name -> console.complain(Announcement.broken(name)));
        loaded.config().announce().broken().forEach(name -> console.complain(Announcement.unannounced(name)));
        assembly.answerSynse(loaded, options.synse());
        for (ListenerStatus status : assembly.apply(loaded)) {
            String error = status.error();
            if (error == null) {
                console.say(Announcement.listening(status));
            } else {
                console.complain(Announcement.failed(status, error));
            }
        }
        watch.follow(loaded.config().reload());
        log.info(
                "Started: version={} java={} transport={} admin={}",
                options.version(),
                Runtime.version(),
                assembly.view().transport(),
                adminUrl());
    }

    private static RunningProxy open(
            LaunchOptions options, Lifecycle lifecycle, FileWatch watch, LoadedConfig loaded, RegistryConfig registry)
            throws StartException {
        BindAddress address = options.adminOr(loaded.config().admin());
        Assembly assembly = assemble(options, registry);
        try {
            AdminServer admin = listen(options, lifecycle, loaded, assembly);
            assembly.tend(admin);
            Reload reload = new Reload(options, assembly, registry, address, admin, watch);
            return new RunningProxy(options, lifecycle, assembly, admin, watch, reload);
        } catch (AdminBindException e) {
            assembly.close();
            throw surroundings(e.getMessage());
        }
    }

    private static @Nullable String token() {
        String token = System.getenv(TOKEN_VARIABLE);
        return token == null || token.isBlank() ? null : token;
    }

    /** Listens where operators are to reach the process, or at any port if that is taken and nobody asked for it. */
    private static AdminServer listen(
            LaunchOptions options, Lifecycle lifecycle, LoadedConfig loaded, Assembly assembly)
            throws AdminBindException {
        BindAddress configured = loaded.config().admin();
        BindAddress address = options.adminOr(configured);
        Application application = new Application(
                UUID.randomUUID(),
                () -> assembly.application().name(),
                () -> assembly.application().source(),
                () -> lifecycle.request(Lifecycle.Request.STOP));
        ChangeRule changes = new ChangeRule(token());
        Consumer<ChannelPipeline> further =
                pipeline -> TyeApiHandler.addTo(pipeline, assembly.replicas(), application, changes, Clock.SYSTEM);
        try {
            return AdminServer.start(address, assembly.view(), changes, Clock.SYSTEM, further);
        } catch (AdminBindException e) {
            if (!address.equals(configured) || !loaded.config().application().anyAdminPort()) {
                throw e;
            }
            log.info("Operators are given another port: {}", e.getMessage());
            return AdminServer.start(address.at(0), assembly.view(), changes, Clock.SYSTEM, further);
        }
    }

    private static Assembly assemble(LaunchOptions options, RegistryConfig registry) throws StartException {
        try {
            return new Assembly(
                    options.server(),
                    options.version(),
                    registry,
                    RunDirectory.of(options.files(), System::getenv),
                    Clock.SYSTEM,
                    RandomSource.SYSTEM);
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw surroundings("transport " + options.server().transport() + ": " + e.getMessage());
        }
    }

    private static void requireUsable(LoadedConfig loaded) throws StartException {
        AnnounceSettings announce = loaded.config().announce();
        boolean allBroken = loaded.config().services().isEmpty()
                && loaded.config().synse() == null
                && announce.announcements().isEmpty()
                && loaded.config().application().services().isEmpty()
                && (!loaded.brokenServices().isEmpty() || !announce.broken().isEmpty());
        if (loaded.unusable() || allBroken || !loaded.synseErrors().isEmpty()) {
            List<String> lines = new ArrayList<>();
            loaded.problems().forEach(problem -> lines.add(problem.toString()));
            throw new StartException(Reason.CONFIGURATION, lines);
        }
    }

    private static StartException surroundings(@Nullable String message) {
        return new StartException(Reason.SURROUNDINGS, List.of(String.valueOf(message)));
    }
}
