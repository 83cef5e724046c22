package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Scalar;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.kubernetes.KubernetesAccess;
import io.myelin.discovery.kubernetes.KubernetesAccess.Explicit;
import io.myelin.discovery.kubernetes.KubernetesAccess.Kubeconfig;
import io.myelin.discovery.kubernetes.KubernetesConfig;
import io.myelin.discovery.kubernetes.KubernetesResource;
import io.myelin.discovery.kubernetes.PortRule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service that runs in Kubernetes. */
final class KubernetesDiscovery implements DiscoveryMethod {
    static final Keys KEYS = Keys.of(
            List.of(
                    "namespace",
                    "service",
                    "selector",
                    "resource",
                    "port",
                    "pods_only",
                    "api_url",
                    "token_file",
                    "kubeconfig",
                    "context"),
            List.of());

    private static final String SELECTOR = "a selector such as app=web,tier=front, or a map of labels";
    private static final String URL = "a URL such as https://10.0.0.1:6443";
    private static final List<String> OF_A_URL = List.of("token_file", "ca_file", "cert_file", "key_file");
    private static final int MAX_PORT = 65_535;

    @Override
    public Keys keys() {
        return KEYS.and(TlsFilesReader.KEYS);
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        String namespace = discovery.text("namespace", KubernetesConfig.NAME_PATTERN, "the name of a namespace");
        String service = discovery.text("service", KubernetesConfig.NAME_PATTERN, "the name of a service");
        String selector = selector(discovery);
        if (discovery.has("service") && discovery.has("selector")) {
            discovery.problems().error(discovery.whereKey("selector"), "is set beside service", "one of them");
        } else if (!discovery.has("service") && !discovery.has("selector")) {
            discovery.problems().error(discovery.where(), "has neither service nor selector", "one of them");
        }
        String resource = discovery.text("resource", "endpoints|endpoint_slices", "endpoint_slices or endpoints");
        PortRule port = port(discovery);
        KubernetesAccess access = access(discovery);
        boolean podsOnly = discovery.flag("pods_only", false);
        String name = service == null ? "" : service;
        if (name.isEmpty() == selector.isEmpty()) {
            return null;
        }
        return new KubernetesConfig(
                access,
                namespace == null ? "" : namespace,
                "endpoints".equals(resource) ? KubernetesResource.ENDPOINTS : KubernetesResource.ENDPOINT_SLICES,
                name,
                selector,
                port,
                podsOnly);
    }

    /** Returns the selector that a text or a map is, empty if there is none. */
    static String selector(Section section) {
        if (section.node("selector") instanceof Mapping mapping) {
            Map<String, String> labels = new LinkedHashMap<>();
            for (Entry entry : mapping.entries()) {
                if (entry.value() instanceof Scalar value && value.text().matches("[-A-Za-z0-9_.]*")) {
                    labels.put(entry.name(), value.text());
                } else {
                    section.problems()
                            .error(
                                    section.where("selector")
                                            .child(entry.name(), entry.value().place()),
                                    "is not the value of a label",
                                    "up to 63 letters, digits, '-', '_' and '.'");
                }
            }
            if (mapping.entries().isEmpty()) {
                section.problems().error(section.where("selector"), "has no labels", SELECTOR);
            }
            return KubernetesConfig.selector(labels);
        }
        String text = section.text("selector");
        if (text != null && text.isBlank()) {
            section.problems().error(section.where("selector"), "has no labels", SELECTOR);
        }
        return text == null ? "" : text.strip();
    }

    private static PortRule port(Section discovery) {
        String text = discovery.text("port", "[0-9]{1,5}|[a-z0-9-]{1,15}", "the name or the number of a port");
        if (text == null) {
            return PortRule.ONLY;
        }
        if (!text.matches("[0-9]+")) {
            return PortRule.named(text);
        }
        Integer number = discovery.number("port", 1, MAX_PORT);
        return number == null ? PortRule.ONLY : PortRule.numbered(number);
    }

    /** Returns how the API server is reached. */
    static KubernetesAccess access(Section discovery) {
        Path kubeconfig = TlsFilesReader.path(discovery, "kubeconfig");
        String context = discovery.text("context");
        if (discovery.has("context") && kubeconfig == null) {
            discovery.problems().error(discovery.whereKey("context"), "is set without kubeconfig", "both");
        }
        if (!discovery.has("api_url")) {
            for (String key : OF_A_URL) {
                if (discovery.has(key)) {
                    discovery.problems().error(discovery.whereKey(key), "is set without api_url", "both");
                }
            }
            return kubeconfig == null
                    ? KubernetesAccess.STANDARD
                    : new Kubeconfig(List.of(kubeconfig), context == null ? "" : context);
        }
        if (kubeconfig != null) {
            discovery.problems().error(discovery.whereKey("kubeconfig"), "is set beside api_url", "one of them");
        }
        TlsFiles tls = TlsFilesReader.read(discovery);
        String url = discovery.text("api_url");
        HttpOrigin api = url != null && url.matches("(?i)https?://[^/?#]+/?") ? HttpOrigin.parse(url, 1) : null;
        if (api == null) {
            if (url != null) {
                // What is written may hold a password.
                discovery.problems().error(discovery.where("api_url"), "is not a URL", URL);
            }
            return KubernetesAccess.STANDARD;
        }
        return new Explicit(api, TlsFilesReader.path(discovery, "token_file"), tls);
    }
}
