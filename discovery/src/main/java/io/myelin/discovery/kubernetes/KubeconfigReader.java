package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.fetch.ClientTls;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.kubernetes.KubernetesAccess.Kubeconfig;
import io.myelin.discovery.polling.PollException;
import io.myelin.pem.PemException;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads files of {@code kubectl}: the context that is used, its cluster and its user. */
final class KubeconfigReader {
    /*
     * kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig: "clusters", "users" and "contexts"
     * are lists of {"name": ..., "cluster" | "user" | "context": {...}}; of several files the first that has an entry
     * of a name, or a "current-context", counts; paths begin at the file that says them; "*-data" is base64 of PEM.
     */
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kubeconfig config;
    private final ReadFiles files;
    private final List<Document> documents = new ArrayList<>();

    /** What one file says. */
    private record Document(Path file, JsonNode root) {}

    /** What a file says about something that has a name. */
    private record Named(String what, Path file, JsonNode node) {
        String text(String key) {
            return node.path(key).asText("").strip();
        }

        PollException wrong(String key, String problem) {
            return new PollException(file + ": " + what + "." + key + ": " + problem);
        }

        Path path(String key) throws PollException {
            try {
                return file.resolveSibling(text(key));
            } catch (InvalidPathException e) {
                throw wrong(key, "is not a path (expected: the path of a file)");
            }
        }
    }

    private KubeconfigReader(Kubeconfig config, ReadFiles files) {
        this.config = config;
        this.files = files;
    }

    /** Returns what {@code config} says, remembering in {@code files} what was read for it. */
    static KubeconfigLogin read(Kubeconfig config, ReadFiles files) throws PollException {
        return new KubeconfigReader(config, files).login();
    }

    private KubeconfigLogin login() throws PollException {
        for (Path file : config.files()) {
            // Of several files some may be missing, as kubectl has it.
            if (config.files().size() == 1 || Files.exists(file)) {
                documents.add(new Document(file, parse(file)));
            }
        }
        if (documents.isEmpty()) {
            throw new PollException(config.files() + ": none is there (expected: a kubeconfig)");
        }
        Named context = named("context", "contexts", contextName());
        Named cluster = named("cluster", "clusters", context.text("cluster"));
        Named user = context.text("user").isEmpty()
                ? new Named("user", context.file(), JSON.createObjectNode())
                : named("user", "users", context.text("user"));
        refusePrograms(user);
        HttpOrigin origin = HttpOrigin.parse(cluster.text("server"), 1);
        if (origin == null || origin.port() == 0) {
            throw cluster.wrong("server", "is not a URL (expected: such as https://10.0.0.1:6443)");
        }
        HttpOrigin reached = throughProxy(origin, cluster);
        boolean token = !user.text("token").isEmpty();
        return new KubeconfigLogin(
                reached,
                origin.tls() ? tls(cluster, user) : null,
                token ? bearer(user) : basic(user),
                user.text("tokenFile").isEmpty() || token ? null : user.path("tokenFile"),
                context.text("namespace"));
    }

    private JsonNode parse(Path file) throws PollException {
        String text = files.read(file);
        try {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return root == null ? JSON.createObjectNode() : JSON.valueToTree(root);
        } catch (YAMLException | IllegalArgumentException e) {
            // What a parser says of a place repeats what is written there, which may be a token.
            throw new PollException(file + ": not YAML (expected: a kubeconfig)", e);
        }
    }

    private String contextName() throws PollException {
        if (!config.context().isEmpty()) {
            return config.context();
        }
        for (Document document : documents) {
            String current = document.root().path("current-context").asText("");
            if (!current.isEmpty()) {
                return current;
            }
        }
        throw new PollException(config.files().get(0) + ": no current-context (expected: the name of a context)");
    }

    private Named named(String what, String list, String name) throws PollException {
        for (Document document : documents) {
            for (JsonNode entry : document.root().path(list)) {
                if (entry.path("name").asText().equals(name)) {
                    return new Named(what + " " + name, document.file(), entry.path(what));
                }
            }
        }
        throw new PollException(documents.get(0).file() + ": " + list + ": none is called " + name + " (expected: a "
                + what + " of that name)");
    }

    private static void refusePrograms(Named user) throws PollException {
        for (String key : List.of("exec", "auth-provider")) {
            if (user.node().hasNonNull(key)) {
                throw user.wrong(
                        key,
                        "programs are not run for credentials (expected: token, tokenFile or client-certificate; a"
                                + " token that lasts is made by: kubectl create token NAME --duration=...)");
            }
        }
    }

    private static HttpOrigin throughProxy(HttpOrigin origin, Named cluster) throws PollException {
        String url = cluster.text("proxy-url");
        if (url.isEmpty()) {
            return origin;
        }
        HttpOrigin proxy = url.startsWith("http://") ? HttpOrigin.parse(url, 1) : null;
        if (proxy == null) {
            throw cluster.wrong("proxy-url", "is not supported (expected: such as http://10.0.0.2:3128)");
        }
        return origin.through(proxy);
    }

    private static String bearer(Named user) throws PollException {
        if (!user.text("token").matches("\\p{Graph}+")) {
            throw user.wrong("token", "is not one (expected: a bearer token)");
        }
        return "Bearer " + user.text("token");
    }

    private static String basic(Named user) {
        String pair = user.text("username") + ":" + user.text("password");
        return pair.length() == 1 ? "" : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private SslContext tls(Named cluster, Named user) throws PollException {
        ClientTls tls = new ClientTls();
        tls.expect(cluster.text("tls-server-name"));
        String authority = pem(cluster, "certificate-authority");
        try {
            if (cluster.node().path("insecure-skip-tls-verify").asBoolean()) {
                tls.trustAnyone();
            } else if (authority != null) {
                tls.trust(authority);
            }
        } catch (PemException e) {
            throw cluster.wrong("certificate-authority", String.valueOf(e.getMessage()));
        }
        String certificate = pem(user, "client-certificate");
        String key = pem(user, "client-key");
        if ((certificate == null) != (key == null)) {
            throw user.wrong(certificate == null ? "client-certificate" : "client-key", "missing (expected: both)");
        }
        try {
            if (certificate != null && key != null) {
                tls.show(certificate, key);
            }
            return tls.build();
        } catch (PemException | SSLException e) {
            throw user.wrong("client-certificate, client-key", String.valueOf(e.getMessage()));
        }
    }

    /** Returns the text in PEM that {@code key-data} or the file at {@code key} holds, {@code null} for none. */
    private @Nullable String pem(Named named, String key) throws PollException {
        String data = named.text(key + "-data");
        if (!data.isEmpty()) {
            try {
                return new String(Base64.getDecoder().decode(data.replaceAll("\\s", "")), UTF_8);
            } catch (IllegalArgumentException e) {
                throw named.wrong(key + "-data", "is not base64 (expected: base64 of PEM)");
            }
        }
        return named.text(key).isEmpty() ? null : files.read(named.path(key));
    }
}
