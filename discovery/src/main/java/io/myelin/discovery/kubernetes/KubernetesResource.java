package io.myelin.discovery.kubernetes;

/** The objects in which Kubernetes keeps the addresses of a service. */
public enum KubernetesResource {
    /** One object per service, of at most a thousand addresses. */
    ENDPOINTS("/api/v1", "endpoints"),
    /** Objects of a hundred addresses each, from Kubernetes 1.21 on. */
    ENDPOINT_SLICES("/apis/discovery.k8s.io/v1", "endpointslices");

    private final String group;
    private final String plural;

    KubernetesResource(String group, String plural) {
        this.group = group;
        this.plural = plural;
    }

    /** Returns the path of all of them in {@code namespace}. */
    String path(String namespace) {
        return group + "/namespaces/" + namespace + "/" + plural;
    }
}
