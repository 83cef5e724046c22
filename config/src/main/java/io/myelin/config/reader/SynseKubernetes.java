package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Scalar;
import io.myelin.discovery.kubernetes.KubernetesAccess;
import io.myelin.discovery.kubernetes.KubernetesConfig;
import io.myelin.discovery.kubernetes.KubernetesResource;
import io.myelin.discovery.kubernetes.PortRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads where Kubernetes is asked for plugins. */
final class SynseKubernetes {
    /** A label as Kubernetes writes it, with a prefix or without. */
    private static final Pattern LABEL = Pattern.compile("([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?");
    private static final String FORMS = "labels and their values, or a selector such as app=synse,component=plugin";

    private SynseKubernetes() {}

    /** Returns what is asked for, {@code null} for nothing. */
    static @Nullable KubernetesConfig read(@Nullable Section plugin, SynseValues values) {
        Section discover = plugin == null ? null : plugin.section("discover");
        if (discover == null) {
            return null;
        }
        discover.allow(SynseKeys.DISCOVER);
        Section kubernetes = discover.section("kubernetes");
        if (kubernetes == null) {
            return null;
        }
        kubernetes.allow(SynseKeys.KUBERNETES);
        String named = kubernetes.text(
                "namespace", KubernetesConfig.NAME_PATTERN, "the name of a namespace: small letters, digits and -");
        String namespace = values.put(
                "plugin.discover.kubernetes.namespace", named == null ? KubernetesConfig.DEFAULT_NAMESPACE : named);
        KubernetesAccess access = KubernetesDiscovery.access(kubernetes);
        String kind = kubernetes.text("resource", "endpoints|endpoint_slices", "endpoints or endpoint_slices");
        KubernetesResource resource =
                "endpoint_slices".equals(kind) ? KubernetesResource.ENDPOINT_SLICES : KubernetesResource.ENDPOINTS;
        Section endpoints = kubernetes.section("endpoints");
        if (endpoints != null) {
            endpoints.allow(SynseKeys.ENDPOINTS);
        }
        String selector = endpoints == null ? "" : selector(endpoints, values);
        if (endpoints == null || saysNothing(endpoints.node("labels"))) {
            kubernetes.problems().warning(kubernetes.where(), "has no endpoints.labels: nothing is found");
        }
        if (selector.isBlank()) {
            return null;
        }
        return new KubernetesConfig(access, namespace, resource, "", selector, PortRule.PLUGIN, true);
    }

    private static boolean saysNothing(@Nullable Node labels) {
        return labels == null
                || (labels instanceof Mapping mapping && mapping.entries().isEmpty());
    }

    private static String selector(Section endpoints, SynseValues values) {
        String path = "plugin.discover.kubernetes.endpoints.labels";
        Node node = endpoints.node("labels");
        if (node instanceof Mapping mapping) {
            Map<String, String> labels = labels(endpoints, mapping);
            values.put(path, labels);
            return KubernetesConfig.selector(labels);
        }
        if (node instanceof Scalar scalar) {
            return ofText(scalar.text().strip(), path, values);
        }
        if (node != null) {
            endpoints.problems().error(endpoints.where("labels"), "is " + node.kind(), FORMS);
        }
        return "";
    }

    private static Map<String, String> labels(Section endpoints, Mapping mapping) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Entry entry : mapping.entries()) {
            if (entry.value() instanceof Scalar value
                    && LABEL.matcher(entry.name()).matches()
                    && VALUE.matcher(value.text()).matches()) {
                labels.put(entry.name(), value.text());
            } else {
                endpoints
                        .problems()
                        .error(
                                endpoints
                                        .where("labels")
                                        .child(entry.name(), entry.value().place()),
                                entry.value() instanceof Scalar value
                                        ? value.text()
                                        : "is " + entry.value().kind(),
                                "a label and its value: letters, digits, -, _ and .");
            }
        }
        return labels;
    }

    /** Takes a selector as it is; one that only names values is shown as the labels that it stands for. */
    private static String ofText(String text, String path, SynseValues values) {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        for (String term : text.split(",", -1)) {
            String[] sides = term.strip().split("==?", 2);
            if (sides.length == 2
                    && LABEL.matcher(sides[0]).matches()
                    && VALUE.matcher(sides[1]).matches()) {
                labels.put(sides[0], sides[1]);
            } else {
                others.add(term);
            }
        }
        if (others.isEmpty()) {
            values.put(path, labels);
            return KubernetesConfig.selector(labels);
        }
        values.put(path, text);
        return text;
    }
}
