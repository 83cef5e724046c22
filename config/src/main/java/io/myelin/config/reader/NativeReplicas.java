package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.health.replica.Launch;
import io.myelin.health.replica.ReplicaBinding;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a native service says of replicas that are run here. */
final class NativeReplicas {
    private static final List<String> STARTED = List.of("executable", "image");
    private static final List<String> ELSEWHERE =
            List.of("discovery", "discovery_multi", "servers", "default_servers", "haproxy", "check");
    private static final List<String> OF_REPLICAS = List.of(
            "args",
            "working_directory",
            "volumes",
            "env",
            "env_file",
            "replicas",
            "bindings",
            "restart",
            "stop_timeout");

    private final String name;
    private final Section section;
    private final Surroundings surroundings;
    private final Problems problems;

    NativeReplicas(String name, Section section, Surroundings surroundings) {
        this.name = name;
        this.section = section;
        this.surroundings = surroundings;
        this.problems = section.problems();
    }

    /** Returns whether the service says how it is started. */
    static boolean is(Section service) {
        return STARTED.stream().anyMatch(service::has);
    }

    /**
     * Returns what is run, {@code null} for nothing.
     *
     * @param protocol what the service says that it speaks
     */
    @Nullable
    Replicated read(Protocol protocol) {
        if (!is(section)) {
            OF_REPLICAS.stream()
                    .filter(section::has)
                    .forEach(key -> problems.error(
                            section.whereKey(key), "is of replicas, and nothing says how to start one", "executable"));
            return null;
        }
        for (String key : ELSEWHERE) {
            if (section.has(key)) {
                problems.error(
                        section.whereKey(key),
                        "is set beside what is started here",
                        key.equals("check") ? "readiness" : "one of them");
            }
        }
        Path folder = TyeFile.folder(Path.of(section.where().place().file()));
        Launch launch = new LaunchReader(Dialect.NATIVE, "", folder, problems).read(section);
        return launch == null
                ? null
                : new ReplicatedReader(Dialect.NATIVE, surroundings, problems)
                        .read(name, section, launch, folder, bindings(launch, protocol));
    }

    /** Returns what the service's own listener speaks: what its first binding says, or the service itself. */
    static Protocol protocol(Replicated replicated, Protocol stated) {
        return replicated.bindings().isEmpty()
                ? stated
                : replicated.bindings().get(0).listened();
    }

    /** Returns where the listener of the first binding listens. */
    static List<Bind> binds(Replicated replicated, String bindHost, BindOptions options) {
        if (replicated.bindings().isEmpty()) {
            return List.of();
        }
        BindingDraft first = replicated.bindings().get(0);
        Integer port = first.binding().port();
        String host = ListenHost.of(first.listenHost(), bindHost);
        BindOptions own = first.tls() == null ? options : options.withTls(first.tls());
        return List.of(new Bind(new BindAddress(host, port == null ? 0 : port).with(own), first.where()));
    }

    /** Returns the bindings; a service that has none but a port has one at that port. */
    private List<BindingDraft> bindings(Launch launch, Protocol protocol) {
        String stated = protocol == Protocol.HTTP ? "http" : "tcp";
        if (section.has("bindings")) {
            if (section.has("port")) {
                problems.error(section.whereKey("port"), "is set beside bindings", "one of them");
            }
            List<BindingDraft> drafts = new ArrayList<>();
            new BindingsReader(Dialect.NATIVE, name, launch, problems)
                    .read(section)
                    .forEach(draft -> drafts.add(withProtocol(draft, stated)));
            return drafts;
        }
        if (!section.has("port")) {
            return List.of();
        }
        String text = section.text("port");
        String digits = text == null ? "" : text.substring(text.lastIndexOf(':') + 1);
        Integer port = digits.matches("[1-9]\\d{0,4}") ? Integer.valueOf(digits) : null;
        ReplicaBinding binding = new ReplicaBinding("", name, port, null, "", stated, "");
        return List.of(new BindingDraft(binding, "", null, section.where("port")));
    }

    private static BindingDraft withProtocol(BindingDraft draft, String stated) {
        ReplicaBinding binding = draft.binding();
        return binding.protocol().isEmpty()
                ? new BindingDraft(
                        new ReplicaBinding(
                                binding.name(),
                                binding.pool(),
                                binding.port(),
                                binding.containerPort(),
                                binding.host(),
                                stated,
                                binding.connectionString()),
                        draft.listenHost(),
                        null,
                        draft.where())
                : draft;
    }
}
