package io.myelin.discovery.kubernetes;

import io.myelin.discovery.DiscoveryConfig;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The addresses that Kubernetes keeps for a service, or for all services with certain labels.
 *
 * @param access how the API server is reached
 * @param namespace of the services; empty for the one that {@code access} is about, else {@value #DEFAULT_NAMESPACE}
 * @param resource the objects that are followed
 * @param service the service's name, empty if there is a selector
 * @param selector which labels the objects have, as in {@code kubectl get -l}; empty if there is a name
 * @param port which of a service's ports is used
 * @param podsOnly whether addresses that are not those of pods are passed over
 */
public record KubernetesConfig(
        KubernetesAccess access,
        String namespace,
        KubernetesResource resource,
        String service,
        String selector,
        PortRule port,
        boolean podsOnly)
        implements DiscoveryConfig {
    /** Where objects are of which nobody says otherwise. */
    public static final String DEFAULT_NAMESPACE = "default";

    /** What a namespace or a service can be called (RFC 1123 section 2.1, or RFC 1035 section 2.3.1). */
    public static final String NAME_PATTERN = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    public KubernetesConfig {
        if (!namespace.isEmpty() && !namespace.matches(NAME_PATTERN)) {
            throw new IllegalArgumentException("namespace: " + namespace + " (expected: the name of a namespace)");
        }
        if (!service.isEmpty() && !service.matches(NAME_PATTERN)) {
            throw new IllegalArgumentException("service: " + service + " (expected: the name of a service)");
        }
        if (service.isEmpty() == selector.isBlank()) {
            throw new IllegalArgumentException("service: " + service + ", selector: " + selector
                    + " (expected: the name of a service, or a selector such as app=web,tier=front)");
        }
    }

    /**
     * Returns where plugins of Synse are found: Endpoints by labels, addresses of pods that are ready, at their only
     * port or the one that is called {@code http}.
     *
     * @param namespace empty for the one that {@code access} is about
     * @param selector such as {@code app=synse,component=plugin}, not empty
     */
    public static KubernetesConfig plugins(KubernetesAccess access, String namespace, String selector) {
        return new KubernetesConfig(
                access, namespace, KubernetesResource.ENDPOINTS, "", selector, PortRule.PLUGIN, true);
    }

    /** Returns the selector for objects that have all of {@code labels}, in their order. */
    public static String selector(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
