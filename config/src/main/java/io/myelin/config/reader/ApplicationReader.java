package io.myelin.config.reader;

import io.myelin.config.ApplicationConfig;
import io.myelin.config.DevelopmentTls;
import io.myelin.config.MyelinConfig;
import io.myelin.config.document.Problems;
import io.myelin.server.BindAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what is run here: the services of Tye's files, and native ones that say how they are started. */
final class ApplicationReader {
    private static final int DASHBOARD_PORT = 8000;

    private final TyeFiles files;
    private final AccessLogReader accessLog;
    private final Problems problems;
    private final List<Replicated> services;
    private final Set<String> ingressHosts = new TreeSet<>();

    ApplicationReader(TyeFiles files, AccessLogReader accessLog, Problems problems) {
        this.files = files;
        this.accessLog = accessLog;
        this.problems = problems;
        this.services = new TyeServicesReader(files, problems).read();
    }

    /** Returns the pools of Tye's services; a name that {@code others} have is reported. */
    List<ServiceDraft> drafts(Map<String, Section> others) {
        boolean contained = services.stream().anyMatch(Replicated::contained);
        String host = contained ? ListenHost.EVERYWHERE : ListenHost.LOOPBACK;
        List<ServiceDraft> drafts = new ArrayList<>();
        for (Replicated service : services) {
            String name = service.config().name();
            Section other = others.get(name);
            if (other != null) {
                problems.error(
                        service.where(),
                        "is defined twice, first at " + other.where().place(),
                        "once");
            } else {
                drafts.addAll(BindingPools.of(
                        service, TyeServicesReader.template(name), host, Duration.ZERO, accessLog.general(null)));
            }
        }
        return drafts;
    }

    /** Returns the pools of a native service's bindings beside the first one, which is the service's own. */
    static List<ServiceDraft> further(ServiceDraft draft, String bindHost) {
        Replicated replicated = draft.replicated();
        if (replicated == null) {
            return List.of();
        }
        ListenerDraft listener = draft.listener();
        return BindingPools.of(
                        replicated,
                        draft.pool(),
                        bindHost,
                        listener == null ? Duration.ZERO : listener.clientTimeout(),
                        listener == null ? null : listener.accessLog())
                .stream()
                .skip(1)
                .toList();
    }

    List<ListenerDraft> ingress(Targets targets) {
        TyeIngressReader reader = new TyeIngressReader(services, targets, accessLog.general(null), problems);
        List<ListenerDraft> listeners = reader.read(files.ingress());
        ingressHosts.addAll(reader.hosts());
        return listeners;
    }

    /** Returns whether the pool is of a service that is run or known here, whether or not traffic comes to it. */
    boolean owns(String pool) {
        return services.stream()
                .flatMap(service -> service.config().bindings().stream())
                .anyMatch(binding -> binding.pool().equals(pool));
    }

    /** Returns where operators reach a process that no {@code admin} section says it of. */
    BindAddress admin(Claims claims) {
        Section file = files.first();
        if (file == null) {
            return MyelinConfig.DEFAULT_ADMIN;
        }
        Integer port = Dialect.TYE.port(file, "dashboardPort");
        BindAddress address = new BindAddress(ListenHost.LOOPBACK, port == null ? DASHBOARD_PORT : port);
        if (port != null) {
            claims.take("dashboard", address, file.where("dashboardPort"));
        }
        return address;
    }

    /** Returns whether operators may be reached at any port, because no file says at which. */
    boolean anyAdminPort() {
        Section file = files.first();
        return file != null && !file.has("dashboardPort");
    }

    /**
     * Returns everything that is run here.
     *
     * @param replicas what is said once for all of it, {@code null} for nothing
     */
    ApplicationConfig config(List<ServiceDraft> drafts, boolean anyAdminPort, @Nullable Section replicas) {
        if (replicas != null) {
            replicas.allow(Keys.REPLICAS);
        }
        Section file = files.first();
        List<Replicated> natives = drafts.stream()
                .map(ServiceDraft::replicated)
                .filter(Objects::nonNull)
                .toList();
        List<Replicated> all = Stream.concat(natives.stream(), services.stream())
                .filter(service -> !problems.broke(service.config().name()))
                .toList();
        return new ApplicationConfig(
                file == null ? ApplicationConfig.NONE.name() : files.name(),
                file == null ? "" : file.where().place().file(),
                all.stream().map(Replicated::config).toList(),
                replicas == null ? null : OperatorReader.path(replicas, "run_dir", true),
                anyAdminPort,
                new DevelopmentTls(List.copyOf(ingressHosts)));
    }
}
