package io.myelin.config.reader;

import io.myelin.config.SynseConfig;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables that count instead of Synse's keys: the path of a key in capitals, joined by {@code _} and
 * led by {@code SYNSE_}. What is wrong with one is said of the variable instead of a file.
 *
 * <p>A label is a variable of its own, whose last part is the label in capitals; {@code ..._LABELS} is all of them in
 * one text, and the only way to labels with capitals, dashes, dots or slashes.
 */
final class SynseVariables {
    private static final String PREFIX = "SYNSE_";
    private static final List<String> LABELS = List.of("plugin", "discover", "kubernetes", "endpoints", "labels");
    private static final String LABELS_VARIABLE = variable(LABELS);

    /** What Kubernetes and Docker set for services whose names begin with Synse's. */
    private static final Pattern OF_SERVICES =
            Pattern.compile("(.*_)?(SERVICE_HOST|(SERVICE_)?PORT(_.*)?|NAME|ENV_.*)");

    private static final Pattern LINK = Pattern.compile("(tcp|udp|sctp)://.*");

    private static final List<List<String>> PATHS = Stream.of(
                    "logging",
                    "pretty_json",
                    "plugin.tcp",
                    "plugin.unix",
                    "plugin.discover.kubernetes.namespace",
                    "plugin.discover.kubernetes.resource",
                    "plugin.discover.kubernetes.api_url",
                    "plugin.discover.kubernetes.token_file",
                    "plugin.discover.kubernetes.ca_file",
                    "plugin.discover.kubernetes.cert_file",
                    "plugin.discover.kubernetes.key_file",
                    "plugin.discover.kubernetes.kubeconfig",
                    "plugin.discover.kubernetes.context",
                    "cache.device.rebuild_every",
                    "cache.device.refresh_every",
                    "cache.plugin.refresh_every",
                    "cache.transaction.ttl",
                    "grpc.timeout",
                    "grpc.tls.cert",
                    "grpc.tls.client_cert",
                    "grpc.tls.client_key",
                    "grpc.tls.server_name",
                    "ssl.cert",
                    "ssl.key",
                    "metrics.enabled",
                    "address",
                    "pass_through.port",
                    "pass_through.address",
                    "pass_through.tls.cert",
                    "pass_through.tls.key")
            .map(path -> List.of(path.split("\\.", -1)))
            .toList();

    private final Map<String, String> set;

    private SynseVariables(Map<String, String> set) {
        this.set = set;
    }

    /**
     * Returns those that are set to something.
     *
     * @param names of all variables
     * @param environment returns the value of one
     */
    static SynseVariables of(Stream<String> names, Function<String, @Nullable String> environment) {
        Map<String, String> set = new LinkedHashMap<>();
        names.filter(name -> name.startsWith(PREFIX)).sorted().forEach(name -> {
            String value = environment.apply(name);
            if (value != null && !value.isBlank() && !LINK.matcher(value).matches()) {
                set.put(name, value.strip());
            }
        });
        return new SynseVariables(set);
    }

    /** Returns whether any of them says something. */
    boolean sayAnything() {
        return set.keySet().stream().anyMatch(SynseVariables::known);
    }

    /** Returns {@code keys} with what the variables say instead. */
    Mapping over(Mapping keys) {
        Mapping merged = keys;
        for (List<String> path : PATHS) {
            String name = variable(path);
            String value = set.get(name);
            if (value != null) {
                merged = with(merged, path, new Scalar(Place.wholeOf(name), value, true));
            }
        }
        String labels = set.get(LABELS_VARIABLE);
        if (labels != null) {
            merged = with(merged, LABELS, new Scalar(Place.wholeOf(LABELS_VARIABLE), labels, true));
        }
        for (String name : labelVariables()) {
            String label = name.substring(LABELS_VARIABLE.length() + 1).toLowerCase(Locale.ROOT);
            merged = label(merged, label, new Scalar(Place.wholeOf(name), Objects.requireNonNull(set.get(name)), true));
        }
        return merged;
    }

    /** Reports variables that look like typing mistakes. */
    void reportUnknown(Problems problems) {
        List<String> known = PATHS.stream()
                .map(path -> variable(path).substring(PREFIX.length()).toLowerCase(Locale.ROOT))
                .toList();
        for (String name : set.keySet()) {
            String rest = name.substring(PREFIX.length());
            String nearest = known(name) || OF_SERVICES.matcher(rest).matches() ? null : NearestKey.to(rest, known);
            if (nearest != null) {
                problems.warning(
                        new Where(Place.wholeOf(name), "", SynseConfig.NAME),
                        "is not used, did you mean " + PREFIX + nearest.toUpperCase(Locale.ROOT) + "?");
            }
        }
    }

    /** Returns the names of those that say something, in alphabetical order. */
    List<String> names() {
        return set.keySet().stream().filter(SynseVariables::known).toList();
    }

    private static boolean known(String name) {
        return name.equals(LABELS_VARIABLE)
                || isLabel(name)
                || PATHS.stream().anyMatch(path -> variable(path).equals(name));
    }

    private List<String> labelVariables() {
        return set.keySet().stream().filter(SynseVariables::isLabel).toList();
    }

    private static boolean isLabel(String name) {
        return name.startsWith(LABELS_VARIABLE + "_") && name.length() > LABELS_VARIABLE.length() + 1;
    }

    private static String variable(List<String> path) {
        return PREFIX + String.join("_", path).toUpperCase(Locale.ROOT);
    }

    /** Adds a label to those that there are, in whichever form they are. */
    private static Mapping label(Mapping keys, String label, Scalar value) {
        Node before = at(keys, LABELS);
        if (before instanceof Scalar text && !text.absent()) {
            Scalar longer = new Scalar(text.place(), text.text() + "," + label + "=" + value.text(), true);
            return with(keys, LABELS, longer);
        }
        List<String> path = new ArrayList<>(LABELS);
        path.add(label);
        return with(keys, path, value);
    }

    private static @Nullable Node at(Mapping keys, List<String> path) {
        Entry entry = keys.entry(path.get(0));
        if (entry == null || path.size() == 1) {
            return entry == null ? null : entry.value();
        }
        return entry.value() instanceof Mapping mapping ? at(mapping, path.subList(1, path.size())) : null;
    }

    /** Returns {@code keys} with {@code value} at {@code path}, through maps that are made where there are none. */
    private static Mapping with(Mapping keys, List<String> path, Scalar value) {
        Entry before = keys.entry(path.get(0));
        Scalar key = before == null ? new Scalar(value.place(), path.get(0), true) : before.key();
        if (path.size() == 1) {
            return keys.with(List.of(new Entry(key, value)));
        }
        Mapping inner = before != null && before.value() instanceof Mapping mapping
                ? mapping
                : new Mapping(value.place(), List.of(), List.of());
        return keys.with(List.of(new Entry(key, with(inner, path.subList(1, path.size()), value))));
    }
}
