package io.myelin.launcher.process;

import io.myelin.admin.AdminBindException;
import io.myelin.admin.AdminServer;
import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import io.myelin.config.reader.ConfigReader;
import io.myelin.launcher.process.StartException.Reason;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A started process: it serves, lets operators look in, reloads when asked, and drains when asked to stop.
 *
 * <p>Started, served and closed by one thread.
 */
public final class RunningProxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningProxy.class);

    private final LaunchOptions options;
    private final Lifecycle lifecycle;
    private final Assembly assembly;
    private final AdminServer admin;
    private final BindAddress configuredAdmin;

    private RunningProxy(
            LaunchOptions options,
            Lifecycle lifecycle,
            Assembly assembly,
            AdminServer admin,
            BindAddress configuredAdmin) {
        this.options = options;
        this.lifecycle = lifecycle;
        this.assembly = assembly;
        this.admin = admin;
        this.configuredAdmin = configuredAdmin;
    }

    /**
     * Starts everything that the files of {@code options} describe and says on {@code console} where it listens. Part
     * of them may be unusable; that part is reported and left out.
     *
     * @throws StartException if nothing can be started
     */
    public static RunningProxy start(LaunchOptions options, Lifecycle lifecycle, Console console)
            throws StartException, InterruptedException {
        LoadedConfig loaded = read(options);
        requireUsable(loaded);
        Assembly assembly = assemble(options);
        try {
            BindAddress address = adminAddress(options, loaded);
            AdminServer admin = AdminServer.start(address, assembly.view(), Clock.SYSTEM);
            RunningProxy proxy = new RunningProxy(options, lifecycle, assembly, admin, address);
            console.say(Announcement.admin(admin.address()));
            loaded.problems().forEach(problem -> console.complain(problem.toString()));
            loaded.brokenServices()
                    .forEach(name -> console.complain("service " + name
                            + ": not started, its configuration cannot be used (the other services run)"));
            announce(assembly.apply(loaded), console);
            proxy.logStart();
            return proxy;
        } catch (AdminBindException | AssemblyException e) {
            assembly.close();
            throw new StartException(Reason.SURROUNDINGS, List.of(String.valueOf(e.getMessage())));
        }
    }

    public Assembly assembly() {
        return assembly;
    }

    /** Returns where operators reach the process, such as {@code http://127.0.0.1:9901}. */
    public String adminUrl() {
        return Announcement.url(admin.address());
    }

    /** Serves until the process is asked to stop, then drains. */
    public void serve() throws InterruptedException {
        lifecycle.awaitStop(this::reload);
        lifecycle.drain(options.drainLimit(), assembly::drain);
    }

    @Override
    public void close() {
        assembly.close();
        admin.close();
        log.info("Stopped");
    }

    private void reload() {
        LoadedConfig loaded = read(options);
        loaded.problems().forEach(RunningProxy::logProblem);
        if (loaded.unusable()) {
            refuse(firstError(loaded));
            return;
        }
        loaded.brokenServices()
                .forEach(name -> log.error("Service not reloaded, its previous version goes on: service={}", name));
        BindAddress wanted = adminAddress(options, loaded);
        if (!wanted.equals(configuredAdmin)) {
            log.warn("Admin address changes at the next start only: now={} configured={}", configuredAdmin, wanted);
        }
        try {
            List<ListenerStatus> listeners = assembly.apply(loaded);
            listeners.forEach(RunningProxy::logFailure);
            log.info(
                    "Reloaded: services={} listeners={}",
                    loaded.config().services().size(),
                    listeners.size());
        } catch (AssemblyException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(String error) {
        log.error("Reload refused, the previous configuration goes on: files={} error={}", options.files(), error);
        assembly.refuse(error);
    }

    private static String firstError(LoadedConfig loaded) {
        return loaded.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(Problem::toString)
                .findFirst()
                .orElse("");
    }

    private void logStart() {
        log.info(
                "Started: version={} java={} transport={} admin={}",
                options.version(),
                Runtime.version(),
                assembly.view().transport(),
                adminUrl());
    }

    private static LoadedConfig read(LaunchOptions options) {
        return new ConfigReader().read(options.files());
    }

    private static void requireUsable(LoadedConfig loaded) throws StartException {
        boolean allBroken =
                loaded.config().services().isEmpty() && !loaded.brokenServices().isEmpty();
        if (loaded.unusable() || allBroken) {
            List<String> lines = new ArrayList<>();
            loaded.problems().forEach(problem -> lines.add(problem.toString()));
            throw new StartException(Reason.CONFIGURATION, lines);
        }
    }

    private static Assembly assemble(LaunchOptions options) throws StartException {
        try {
            return new Assembly(options.server(), options.version(), Clock.SYSTEM, RandomSource.SYSTEM);
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw new StartException(
                    Reason.SURROUNDINGS, List.of("transport " + options.server().transport() + ": " + e.getMessage()));
        }
    }

    private static BindAddress adminAddress(LaunchOptions options, LoadedConfig loaded) {
        BindAddress override = options.admin();
        return override == null ? loaded.config().admin() : override;
    }

    private static void announce(List<ListenerStatus> listeners, Console console) {
        for (ListenerStatus status : listeners) {
            String error = status.error();
            if (error == null) {
                console.say(Announcement.listening(status));
            } else {
                console.complain(Announcement.failed(status, error));
            }
        }
    }

    private static void logProblem(Problem problem) {
        if (problem.severity() == Severity.ERROR) {
            log.error("Configuration problem: {}", problem);
        } else {
            log.warn("Configuration problem: {}", problem);
        }
    }

    private static void logFailure(ListenerStatus status) {
        String error = status.error();
        if (error != null) {
            log.error("Listener failed: {}", Announcement.failed(status, error));
        }
    }
}
