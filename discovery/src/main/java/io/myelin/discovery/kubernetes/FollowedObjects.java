package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Locale;

/**
 * Which objects are followed together.
 *
 * @param namespace empty for the one that {@code access} is about
 * @param query the parameters that choose them
 */
record FollowedObjects(KubernetesAccess access, KubernetesResource resource, String namespace, String query) {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Returns those that {@code config} is about, whatever it makes of them. */
    static FollowedObjects of(KubernetesConfig config) {
        return new FollowedObjects(config.access(), config.resource(), config.namespace(), query(config));
    }

    /** Returns the path of their list, without limits. */
    String path(ApiServer server) {
        String of = namespace.isEmpty() ? server.namespace() : namespace;
        return resource.path(of.isEmpty() ? KubernetesConfig.DEFAULT_NAMESPACE : of) + "?" + query;
    }

    private static String query(KubernetesConfig config) {
        if (config.service().isEmpty()) {
            return "labelSelector=" + encoded(config.selector());
        }
        return config.resource() == KubernetesResource.ENDPOINTS
                ? "fieldSelector=" + encoded("metadata.name=" + config.service())
                : "labelSelector=" + encoded(SERVICE_NAME + "=" + config.service());
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** Returns what is asked where, for people. */
    @Override
    public String toString() {
        return "kubernetes " + access + " " + resource.name().toLowerCase(Locale.ROOT) + " "
                + (namespace.isEmpty() ? "" : namespace + " ") + URLDecoder.decode(query, UTF_8);
    }
}
