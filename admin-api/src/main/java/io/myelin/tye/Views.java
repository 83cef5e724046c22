package io.myelin.tye;

import io.myelin.admin.OrchestratedView;
import io.myelin.admin.OrchestratedView.Binding;
import io.myelin.admin.OrchestratedView.Description;
import io.myelin.admin.OrchestratedView.ProbeResult;
import io.myelin.admin.OrchestratedView.Replica;
import io.myelin.admin.OrchestratedView.RunDescription;
import io.myelin.admin.OrchestratedView.Status;
import io.myelin.admin.OrchestratedView.Variable;
import io.myelin.admin.OrchestratedView.Volume;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.ReplicaState;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.health.replica.ReplicaView;
import io.myelin.health.replica.ReplicatedConfig;
import io.myelin.health.replica.ReplicatedView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Services whose replicas run here, in the shapes of Tye's API. */
public final class Views {
    private final ReplicaControl control;
    private final Secrets secrets;

    /** @param secretsShown whether the values of variables and connection strings are told */
    public Views(ReplicaControl control, boolean secretsShown) {
        this.control = control;
        this.secrets = new Secrets(secretsShown);
    }

    /** Returns all services by name. */
    public Map<String, OrchestratedView> all() {
        Map<String, OrchestratedView> views = new TreeMap<>();
        control.services().forEach(service -> views.put(service.config().name(), of(service)));
        return views;
    }

    /** Returns a service, {@code null} if there is none of that name. */
    public @Nullable OrchestratedView one(String name) {
        ReplicatedView service = control.service(name);
        return service == null ? null : of(service);
    }

    private OrchestratedView of(ReplicatedView service) {
        ReplicatedConfig config = service.config();
        Map<String, Replica> replicas = new LinkedHashMap<>();
        service.replicas().forEach(replica -> replicas.put(replica.name(), replica(replica, config)));
        int ready = (int) service.replicas().stream()
                .filter(replica -> replica.state() == ReplicaState.READY)
                .count();
        return new OrchestratedView(
                new Description(
                        config.name(),
                        service.desired(),
                        runInfo(config.launch()),
                        bindings(service),
                        new TreeMap<>(config.environment())
                                .entrySet().stream()
                                        .map(entry -> new Variable(entry.getKey(), secrets.value(entry.getValue())))
                                        .toList()),
                "configuration",
                kind(config.launch()),
                service.restarts(),
                status(config.launch()),
                replicas,
                service.desired(),
                ready,
                service.lastExitCode(),
                instant(service.nextRestartMillis()),
                service.givenUp());
    }

    private static String kind(Launch launch) {
        if (launch instanceof Launch.Executable) {
            return "executable";
        }
        return launch instanceof Launch.Container ? "container" : "external";
    }

    /** For what is not run here, Tye tells its first kind, which is that of projects. */
    private static RunDescription runInfo(Launch launch) {
        if (launch instanceof Launch.Executable process) {
            String directory = process.workingDirectory().toString();
            return new RunDescription(
                    "executable", process.args(), false, null, directory, null, null, process.program());
        }
        if (launch instanceof Launch.Container container) {
            List<Volume> volumes =
                    container.volumes().stream().map(Views::volume).toList();
            return new RunDescription("docker", container.args(), false, null, null, volumes, container.image(), null);
        }
        return new RunDescription("project", null, false, null, null, null, null, null);
    }

    private static Volume volume(String mount) {
        int colon = mount.lastIndexOf(':');
        String source = mount.substring(0, Math.max(0, colon));
        String target = mount.substring(colon + 1);
        return source.startsWith("/") ? new Volume(null, source, target) : new Volume(source, null, target);
    }

    private static Status status(Launch launch) {
        return launch instanceof Launch.Executable process
                ? new Status(
                        null,
                        process.program(),
                        process.args(),
                        process.workingDirectory().toString())
                : new Status(null, null, null, null);
    }

    private List<Binding> bindings(ReplicatedView service) {
        List<Binding> views = new ArrayList<>();
        for (ReplicaBinding binding : service.config().bindings()) {
            int at = views.size();
            int bound = at < service.ports().size() ? service.ports().get(at) : 0;
            views.add(new Binding(
                    orNull(binding.name()),
                    orNull(secrets.value(binding.connectionString())),
                    binding.port() == null,
                    bound > 0 ? Integer.valueOf(bound) : binding.port(),
                    binding.containerPort(),
                    orNull(binding.host()),
                    orNull(binding.protocol())));
        }
        return views;
    }

    private Replica replica(ReplicaView replica, ReplicatedConfig config) {
        return new Replica(
                null,
                orNull(replica.container()),
                null,
                null,
                replica.name(),
                replica.ports(),
                replica.exitCode(),
                replica.pid(),
                secrets.environment(replica.environment(), config.environment()),
                replica.state().text(),
                replica.slot(),
                instant(replica.sinceMillis()),
                replica.reason(),
                replica.probes().stream().map(Views::probe).toList());
    }

    private static ProbeResult probe(ProbeReport report) {
        return new ProbeResult(
                report.probe(),
                report.target(),
                report.passed(),
                report.reason(),
                report.millis(),
                instant(report.atMillis()),
                report.streak(),
                report.successes(),
                report.failures());
    }

    private static @Nullable String instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
