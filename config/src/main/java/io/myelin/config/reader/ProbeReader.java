package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Sequence;
import io.myelin.config.document.Where;
import io.myelin.config.reader.Section.Item;
import io.myelin.health.lifecycle.ProbeConfig;
import io.myelin.health.lifecycle.ProbeConfig.Way;
import io.myelin.health.replica.ReplicaBinding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@code liveness} or {@code readiness} probe. */
final class ProbeReader {
    private static final String PATH = "/[!-~]*";
    private static final String PATH_FORMS = "a path that begins with /";
    private static final String FIELD_NAME = "[0-9A-Za-z!#$%&'*+.^_`|~-]+";
    private static final String HEADER_FORMS = "a list of maps with name and value";
    private static final List<String> WAYS = List.of("http", "tcp", "grpc", "exec");

    private final Dialect dialect;
    private final @Nullable List<ReplicaBinding> bindings;
    private final Problems problems;

    /**
     * @param bindings of the service whose replicas are probed, {@code null} if they are members that run elsewhere,
     *     which have the one port that is known of them
     */
    ProbeReader(Dialect dialect, @Nullable List<ReplicaBinding> bindings, Problems problems) {
        this.dialect = dialect;
        this.bindings = bindings;
        this.problems = problems;
    }

    /** Returns the probe that {@code service} has by that name, {@code null} if it has none or a broken one. */
    @Nullable
    ProbeConfig read(Section service, String name) {
        if (dialect == Dialect.NATIVE && service.node(name) instanceof Scalar) {
            String path = service.text(name, PATH, PATH_FORMS + ", or a map");
            requireBinding(service.where(name), null, "", true);
            return path == null ? null : ProbeConfig.of(new ProbeConfig.Http(path, null, "", List.of(), true));
        }
        Section probe = service.section(name);
        if (probe == null) {
            return null;
        }
        dialect.allow(probe, dialect.spelled(ReplicaKeys.PROBE));
        Way way = way(probe, name);
        ProbeConfig read = new ProbeConfig(
                way == null ? new ProbeConfig.Tcp(null) : way,
                dialect.time(probe, "initial_delay", ProbeConfig.DEFAULT_INITIAL_DELAY),
                dialect.positiveTime(probe, "period", ProbeConfig.DEFAULT_PERIOD),
                dialect.positiveTime(probe, "timeout", ProbeConfig.DEFAULT_TIMEOUT),
                dialect.count(probe, "success_threshold", 1, ProbeConfig.DEFAULT_SUCCESS_THRESHOLD),
                dialect.count(probe, "failure_threshold", 1, ProbeConfig.DEFAULT_FAILURE_THRESHOLD));
        if (name.equals("liveness") && read.successThreshold() != 1) {
            String key = dialect.key("success_threshold");
            problems.error(probe.where(key), "\"" + key + "\" for liveness probe must be set to \"1\"", "1");
        }
        return way == null ? null : read;
    }

    private @Nullable Way way(Section probe, String name) {
        List<String> said = WAYS.stream().filter(probe::mentions).toList();
        if (said.isEmpty()) {
            problems.error(
                    probe.where(),
                    "A prober must be configured for the " + name + " probe",
                    "one of " + String.join(", ", WAYS));
            return null;
        }
        if (said.size() > 1) {
            problems.error(probe.whereKey(said.get(1)), "is set beside " + said.get(0), "one of them");
        }
        return switch (said.get(0)) {
            case "http" -> http(probe);
            case "tcp" -> tcp(probe);
            case "grpc" -> grpc(probe);
            default -> exec(probe);
        };
    }

    private @Nullable Way http(Section probe) {
        if (dialect == Dialect.NATIVE && probe.node("http") instanceof Scalar) {
            String path = probe.text("http", PATH, PATH_FORMS);
            requireBinding(probe.where("http"), null, "", true);
            return path == null ? null : new ProbeConfig.Http(path, null, "", List.of(), true);
        }
        Section http = probe.section("http");
        if (http == null) {
            if (probe.node("http") == null) {
                problems.error(probe.where("http"), "has no path", "path: " + PATH_FORMS);
            }
            return null;
        }
        dialect.allow(http, ReplicaKeys.HTTP_PROBE);
        String path = http.text("path", PATH, PATH_FORMS);
        if (!http.has("path")) {
            problems.error(http.where(), "has no path", "path: " + PATH_FORMS);
        }
        Integer port = dialect.port(http, "port");
        String protocol = http.text("protocol", "http|https", "http or https");
        boolean found = requireBinding(http.where("port"), port, protocol == null ? "" : protocol, true);
        List<String> headers = headers(http);
        boolean verify = http.flag("verify", true);
        return path == null || !found
                ? null
                : new ProbeConfig.Http(path, port, protocol == null ? "" : protocol, headers, verify);
    }

    private Way tcp(Section probe) {
        if (probe.node("tcp") instanceof Scalar) {
            probe.text("tcp", "true", "true, or a map with port");
            requireBinding(probe.where("tcp"), null, "", false);
            return new ProbeConfig.Tcp(null);
        }
        Section tcp = probe.section("tcp");
        if (tcp == null) {
            return new ProbeConfig.Tcp(null);
        }
        dialect.allow(tcp, ReplicaKeys.TCP_PROBE);
        Integer port = dialect.port(tcp, "port");
        requireBinding(tcp.where("port"), port, "", false);
        return new ProbeConfig.Tcp(port);
    }

    private Way grpc(Section probe) {
        if (probe.node("grpc") instanceof Scalar) {
            probe.text("grpc", "true", "true, or a map with service and port");
            requireBinding(probe.where("grpc"), null, "", false);
            return new ProbeConfig.Grpc("", null);
        }
        Section grpc = probe.section("grpc");
        if (grpc == null) {
            return new ProbeConfig.Grpc("", null);
        }
        dialect.allow(grpc, ReplicaKeys.GRPC_PROBE);
        Integer port = dialect.port(grpc, "port");
        requireBinding(grpc.where("port"), port, "", false);
        String service = grpc.text("service");
        String protocol = grpc.text("protocol", "http|https", "http or https");
        boolean verify = grpc.flag("verify", true);
        return new ProbeConfig.Grpc(service == null ? "" : service, port, protocol == null ? "" : protocol, verify);
    }

    private @Nullable Way exec(Section probe) {
        Section map = probe.node("exec") instanceof Sequence || probe.node("exec") instanceof Scalar
                ? null
                : probe.section("exec");
        List<String> command = map == null ? probe.texts("exec") : map.texts("command");
        if (command.isEmpty()) {
            problems.error(probe.where("exec"), "names no program", "a list: the program and its arguments");
            return null;
        }
        return new ProbeConfig.Exec(command);
    }

    private List<String> headers(Section http) {
        List<String> headers = new ArrayList<>();
        if (http.has("headers") && !(http.node("headers") instanceof Sequence)) {
            problems.error(http.where("headers"), "is no list", HEADER_FORMS);
            return headers;
        }
        for (Item item : http.items("headers")) {
            Section header = Section.of(item.node(), item.where(), problems);
            String line = header == null ? null : header(header);
            if (line != null) {
                headers.add(line);
            }
        }
        return headers;
    }

    private @Nullable String header(Section header) {
        dialect.allow(header, ReplicaKeys.VARIABLE);
        String name = header.text("name", FIELD_NAME, "the name of a header");
        String value = header.text("value", "[^\\r\\n\\x00]*", "the value of a header");
        for (String key : List.of("name", "value")) {
            if (!header.mentions(key)) {
                problems.error(header.where(), "has no " + key, HEADER_FORMS);
            }
        }
        return name == null || value == null ? null : name + ": " + value;
    }

    /** Returns whether there is a binding for a probe to ask, and reports if there is none. */
    private boolean requireBinding(Where where, @Nullable Integer port, String protocol, boolean http) {
        if (bindings == null) {
            if (port != null) {
                problems.error(where, "port " + port + " is asked for, and members have but their own", "no port");
            }
            return port == null;
        }
        boolean found = bindings.stream()
                .filter(binding -> port == null || port.equals(binding.port()))
                .filter(binding -> protocol.isEmpty() || binding.spoken().equals(protocol))
                .anyMatch(binding -> !http || port != null || binding.spoken().matches("(https?)?"));
        if (!found) {
            String asked = (port == null ? "" : " with port " + port)
                    + (protocol.isEmpty() ? "" : " with protocol " + protocol);
            problems.error(
                    where,
                    "service " + where.service() + " has no binding" + asked + " for the probe to ask",
                    "what one of its bindings has");
        }
        return found;
    }
}
