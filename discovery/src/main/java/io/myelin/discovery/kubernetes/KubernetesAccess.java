package io.myelin.discovery.kubernetes;

import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is, and who it is told that asks. Files are read again when they change. The text of each says
 * where, for people, and no secrets.
 */
public interface KubernetesAccess {
    /** In a pod, what Kubernetes has put there; elsewhere, what {@code kubectl} would use. */
    KubernetesAccess STANDARD = new Standard();

    /**
     * As Kubernetes' own clients find it: {@link InCluster} where the environment says {@code KUBERNETES_SERVICE_HOST},
     * else the {@link Kubeconfig} that {@code KUBECONFIG} names, else that of the user.
     */
    record Standard() implements KubernetesAccess {
        @Override
        public String toString() {
            return "found by the environment";
        }
    }

    /**
     * The API server that {@code KUBERNETES_SERVICE_HOST} and {@code KUBERNETES_SERVICE_PORT} name, with the token, the
     * authority and the namespace that are mounted into every pod.
     */
    record InCluster() implements KubernetesAccess {
        @Override
        public String toString() {
            return "of this cluster";
        }
    }

    /**
     * What files of {@code kubectl} say.
     *
     * @param files read together, the first that says something counts; at least one
     * @param context which of their contexts, empty for the current one
     */
    record Kubeconfig(List<Path> files, String context) implements KubernetesAccess {
        public Kubeconfig {
            files = List.copyOf(files);
            if (files.isEmpty()) {
                throw new IllegalArgumentException("kubeconfig: none (expected: at least one file)");
            }
        }

        @Override
        public String toString() {
            String paths = files.stream().map(Path::toString).collect(Collectors.joining(" "));
            return context.isEmpty() ? paths : paths + " " + context;
        }
    }

    /**
     * A server that is named.
     *
     * @param api where it is
     * @param tokenFile whose content is the bearer token, {@code null} for none
     * @param tls who may have signed the server's certificate, and which one it is shown
     */
    record Explicit(HttpOrigin api, @Nullable Path tokenFile, TlsFiles tls) implements KubernetesAccess {
        @Override
        public String toString() {
            return api.toString();
        }
    }
}
