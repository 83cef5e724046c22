package io.myelin.launcher.process;

import io.myelin.admin.AdminServer;
import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import io.myelin.tls.MalformedPemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the files of a running process again and makes what they say what runs, as far as it can be used. */
final class Reload implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final LaunchOptions options;
    private final Assembly assembly;
    private final RegistryConfig registry;
    private final BindAddress address;
    private final AdminServer admin;
    private final FileWatch watch;

    /**
     * Creates the reload of one process.
     *
     * @param registry what registries say over the files
     * @param address where it was told to answer operators
     * @param watch is told what was read
     */
    Reload(
            LaunchOptions options,
            Assembly assembly,
            RegistryConfig registry,
            BindAddress address,
            AdminServer admin,
            FileWatch watch) {
        this.options = options;
        this.assembly = assembly;
        this.registry = registry;
        this.address = address;
        this.admin = admin;
        this.watch = watch;
    }

    @Override
    public void run() {
        Path emptied = emptied();
        if (emptied != null) {
            refuse(emptied + ": is empty while services run (expected: services, or {} to end them all)");
            return;
        }
        LoadedConfig loaded = registry.reload(options.parse());
        loaded.problems().forEach(Reload::report);
        if (loaded.unusable()) {
            refuse(firstError(loaded));
            return;
        }
        watch.follow(loaded.config().reload());
        loaded.brokenServices().forEach(this::reportBroken);
        loaded.config()
                .announce()
                .broken()
                .forEach(name ->
                        log.error("Announcement not changed, its configuration cannot be used: service={}", name));
        settleAdmin(options.adminOr(loaded.config().admin()));
        apply(loaded);
    }

    /** Returns a file that somebody has emptied and is perhaps about to write, {@code null} if there is none. */
    private @Nullable Path emptied() {
        return assembly.running() == 0
                ? null
                : options.files().stream().filter(Reload::isEmpty).findFirst().orElse(null);
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == 0;
        } catch (IOException e) {
            log.debug("Left to the reader, which says what is wrong: file={}", file, e);
            return false;
        }
    }

    private void settleAdmin(BindAddress wanted) {
        if (!wanted.with(address.options()).equals(address)) {
            log.warn("Admin address changes at the next start only: now={} configured={}", address, wanted);
        }
        try {
            admin.encrypt(wanted.options().tls());
        } catch (MalformedPemException e) {
            log.error("TLS not changed, what was goes on: listener=admin error={}", e.getMessage());
        }
    }

    /** Takes in what registries say now; the files stay as they were read last. */
    void takeNews() {
        apply(registry.takeNews());
    }

    private void apply(LoadedConfig loaded) {
        try {
            List<ListenerStatus> listeners = assembly.apply(loaded);
            listeners.forEach(Reload::reportFailure);
            log.info(
                    "Configuration applied: services={} broken={} listeners={}",
                    assembly.running(),
                    loaded.brokenServices().size(),
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

    private void reportBroken(String service) {
        if (assembly.runs(service)) {
            log.error("Service not reloaded, its previous version goes on: service={}", service);
        } else {
            log.error("Service not started, its configuration cannot be used: service={}", service);
        }
    }

    private static void report(Problem problem) {
        if (problem.severity() == Severity.ERROR) {
            log.error("Configuration problem: {}", problem);
        } else {
            log.warn("Configuration problem: {}", problem);
        }
    }

    private static void reportFailure(ListenerStatus status) {
        String error = status.error();
        if (error != null) {
            log.error("Listener failed: {}", Announcement.failed(status, error));
        }
    }

    private static String firstError(LoadedConfig loaded) {
        return loaded.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(Problem::toString)
                .findFirst()
                .orElse("");
    }
}
