package io.myelin.discovery.kubernetes;

import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.kubernetes.KubernetesAccess.Explicit;
import io.myelin.discovery.kubernetes.KubernetesAccess.InCluster;
import io.myelin.discovery.kubernetes.KubernetesAccess.Kubeconfig;
import io.myelin.discovery.polling.PollException;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a process finds around itself that says where Kubernetes is.
 *
 * @param variables of the environment
 * @param mounted the directory with the files that Kubernetes mounts into pods
 */
record Surroundings(Map<String, String> variables, Path mounted) {
    private static final String HOST = "KUBERNETES_SERVICE_HOST";
    private static final String PORT = "KUBERNETES_SERVICE_PORT";
    private static final int HTTPS_PORT = 443;

    Surroundings {
        variables = Map.copyOf(variables);
    }

    /** Returns those of this process. */
    static Surroundings ofProcess() {
        return new Surroundings(System.getenv(), Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));
    }

    /** Returns what follows {@code access}; what is wrong about it is said when it is opened. */
    ApiAccess access(KubernetesAccess access) {
        if (access instanceof Explicit explicit) {
            return new FileAccess(() -> explicit.api(), explicit.tls(), explicit.tokenFile(), null);
        }
        if (access instanceof Kubeconfig kubeconfig) {
            return new KubeconfigAccess(kubeconfig);
        }
        return access instanceof InCluster || !variable(HOST).isEmpty()
                ? inCluster()
                : new KubeconfigAccess(new Kubeconfig(kubeconfigs(), ""));
    }

    private ApiAccess inCluster() {
        TlsFiles tls = new TlsFiles(mounted.resolve("ca.crt"), null, null);
        return new FileAccess(this::mountedOrigin, tls, mounted.resolve("token"), mounted.resolve("namespace"));
    }

    private HttpOrigin mountedOrigin() throws PollException {
        String host = variable(HOST);
        String port = variable(PORT);
        if (host.isEmpty()) {
            throw new PollException(HOST + " is not set (expected: to run in a pod, or another access)");
        }
        try {
            return new HttpOrigin(true, host, port.isEmpty() ? HTTPS_PORT : Integer.parseInt(port), "");
        } catch (IllegalArgumentException e) {
            throw new PollException(HOST + ", " + PORT + ": " + host + ":" + port + " (expected: host and port)", e);
        }
    }

    private List<Path> kubeconfigs() {
        List<Path> named = Arrays.stream(variable("KUBECONFIG").split(File.pathSeparator, -1))
                .filter(file -> !file.isBlank())
                .map(Path::of)
                .toList();
        return named.isEmpty() ? List.of(Path.of(variable("HOME"), ".kube", "config")) : named;
    }

    private String variable(String name) {
        return variables.getOrDefault(name, "").strip();
    }
}
