package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.kubernetes.KubernetesAccess.Explicit;
import io.myelin.discovery.kubernetes.KubernetesAccess.InCluster;
import io.myelin.discovery.kubernetes.KubernetesAccess.Kubeconfig;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.KubernetesApi;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.TestIdentity;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an encrypted API server is found and believed, in a pod, by kubeconfigs and by files that are named. */
@Timeout(30)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesAccessTest {
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            100);

    private Path shared = Path.of("");
    private @Nullable KubernetesApi running;

    @TempDir
    Path directory;

    @BeforeAll
    void start(@TempDir Path certificates) throws IOException, GeneralSecurityException {
        shared = certificates;
        TestIdentity identity = TestIdentity.in(shared);
        identity.certificate("ca.crt");
        identity.key("key.pem");
        KubernetesApi api = KubernetesApi.https(identity.context());
        api.demand("secret");
        api.endpoints("shop", "web", Map.of(), "[" + KubernetesApi.subset(80, "10.0.0.1") + "]");
        running = api;
    }

    @AfterAll
    void stop() {
        api().close();
    }

    @Test
    void aPodFindsItsTokenAuthorityAndNamespace() throws IOException {
        Files.copy(shared.resolve("ca.crt"), directory.resolve("ca.crt"));
        Files.writeString(directory.resolve("token"), "secret");
        Files.writeString(directory.resolve("namespace"), "shop");
        Surroundings pod = new Surroundings(
                Map.of("KUBERNETES_SERVICE_HOST", "localhost", "KUBERNETES_SERVICE_PORT", String.valueOf(api().port())),
                directory);

        assertThat(follow(pod, new InCluster())).isEqualTo("live");
        assertThat(follow(pod, KubernetesAccess.STANDARD)).isEqualTo("live");
    }

    @Test
    void whatAPodMissesIsSaid() throws IOException {
        assertThat(follow(around(Map.of()), new InCluster())).startsWith("KUBERNETES_SERVICE_HOST is not set");
        Map<String, String> variables = Map.of("KUBERNETES_SERVICE_HOST", "localhost");
        assertThat(follow(around(variables), new InCluster())).contains("token cannot be read");
        Files.writeString(directory.resolve("token"), "two words");
        assertThat(follow(around(variables), new InCluster())).contains("is not one (expected: a bearer token)");
        Files.writeString(directory.resolve("token"), "secret");
        assertThat(follow(around(variables), new InCluster())).contains("ca.crt cannot be read");
        assertThat(follow(
                        around(Map.of("KUBERNETES_SERVICE_HOST", "h", "KUBERNETES_SERVICE_PORT", "x")),
                        new InCluster()))
                .contains("h:x (expected: host and port)");
    }

    @Test
    void aServerThatNobodyVouchesForIsNotBelieved() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "secret");
        HttpOrigin origin = Objects.requireNonNull(HttpOrigin.parse(api().url(), 1));

        assertThat(follow(around(Map.of()), new Explicit(origin, token, TlsFiles.NONE)))
                .contains("unable to find valid certification path");
        assertThat(follow(
                        around(Map.of()),
                        new Explicit(
                                new HttpOrigin(true, "127.0.0.1", api().port(), ""),
                                token,
                                new TlsFiles(shared.resolve("ca.crt"), null, null))))
                .contains("127.0.0.1");
        assertThat(follow(
                        around(Map.of()),
                        new Explicit(origin, token, new TlsFiles(shared.resolve("ca.crt"), null, null))))
                .isEqualTo("live");
    }

    @Test
    void aKubeconfigSaysEverythingInOneFile() throws IOException {
        Path file = kubeconfig("certificate-authority-data: " + base64(shared.resolve("ca.crt")), "token: secret");

        assertThat(follow(around(Map.of()), new Kubeconfig(List.of(file), ""))).isEqualTo("live");
        assertThat(follow(around(Map.of("KUBECONFIG", "/nowhere/config:" + file)), KubernetesAccess.STANDARD))
                .isEqualTo("live");
        assertThat(follow(around(Map.of("KUBECONFIG", "/nowhere/a:/nowhere/b")), KubernetesAccess.STANDARD))
                .isEqualTo("[/nowhere/a, /nowhere/b]: none is there (expected: a kubeconfig)");
        assertThat(follow(around(Map.of("HOME", "/nowhere")), KubernetesAccess.STANDARD))
                .contains("/nowhere/.kube/config cannot be read");
    }

    @Test
    void aKubeconfigNamesOtherFilesWhichMayChange() throws IOException {
        Files.copy(shared.resolve("ca.crt"), directory.resolve("authority.pem"));
        Files.writeString(directory.resolve("user-token"), "secret");
        Path file = kubeconfig("certificate-authority: authority.pem", "tokenFile: user-token");
        Path contexts = Files.writeString(
                directory.resolve("contexts"),
                "contexts: [{name: other, context: {cluster: c, user: u, namespace: shop}}]");

        assertThat(follow(around(Map.of()), new Kubeconfig(List.of(contexts, file), "other")))
                .isEqualTo("live");

        KubeconfigAccess access = new KubeconfigAccess(new Kubeconfig(List.of(file), ""));
        assertThat(opened(access).authorization()).isEqualTo("Bearer secret");
        Files.writeString(directory.resolve("user-token"), "another");
        assertThat(opened(access).authorization()).isEqualTo("Bearer another");
        Files.writeString(directory.resolve("authority.pem"), "nothing");
        Files.setLastModifiedTime(directory.resolve("authority.pem"), FileTime.fromMillis(1));
        assertThatThrownBy(access::open)
                .hasMessage(
                        file + ": cluster c.certificate-authority: no certificates (expected: at least one in PEM)");
    }

    @Test
    void aKubeconfigMayShowACertificateAndTrustAnyone() throws IOException {
        Path shown = kubeconfig(
                "insecure-skip-tls-verify: true",
                "client-certificate: " + shared.resolve("ca.crt") + ", client-key-data: "
                        + base64(shared.resolve("key.pem")) + ", token: secret");

        assertThat(follow(around(Map.of()), new Kubeconfig(List.of(shown), ""))).isEqualTo("live");
    }

    @Test
    void aKubeconfigMayExpectAnotherNameThanThatOfTheAddress() throws IOException {
        String authority = ", certificate-authority: " + shared.resolve("ca.crt");
        String server = "server: 'https://127.0.0.1:" + api().port() + "', tls-server-name: ";

        Path named = kubeconfig(server + "localhost" + authority, "token: secret");
        assertThat(follow(around(Map.of()), new Kubeconfig(List.of(named), ""))).isEqualTo("live");
        Path other = kubeconfig(server + "elsewhere" + authority, "token: secret");
        assertThat(follow(around(Map.of()), new Kubeconfig(List.of(other), ""))).contains("elsewhere");
    }

    @Test
    void aKubeconfigMayNameAProxyThatKnowsTheServer() throws IOException {
        try (TunnelProxy proxy = new TunnelProxy(api().port())) {
            String cluster = "server: 'https://api.invalid:6443', tls-server-name: localhost, certificate-authority: "
                    + shared.resolve("ca.crt") + ", proxy-url: 'http://%s127.0.0.1:" + proxy.port() + "'";

            Path allowed = kubeconfig(cluster.formatted("me:proxy-secret@"), "token: secret");
            assertThat(follow(around(Map.of()), new Kubeconfig(List.of(allowed), "")))
                    .isEqualTo("live");
            assertThat(proxy.asked()).contains("CONNECT api.invalid:6443 me:proxy-secret");

            Path refused = kubeconfig(cluster.formatted(""), "token: secret");
            assertThat(follow(around(Map.of()), new Kubeconfig(List.of(refused), "")))
                    .startsWith("https://api.invalid:6443: ")
                    .contains("407");
        }
        Path gone = kubeconfig("proxy-url: 'http://127.0.0.1:1'", "token: secret");
        assertThat(follow(around(Map.of()), new Kubeconfig(List.of(gone), "")))
                .startsWith("https://localhost:")
                .contains("127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b | exec: {command: aws} | : user u.exec: programs are not run for credentials",
                "a: b | auth-provider: {name: gcp} | : user u.auth-provider: programs are not run for credentials",
                "proxy-url: 'socks5://u:secret@p:1' | token: secret | : cluster c.proxy-url: is not supported",
                "proxy-url: 'http://' | token: secret | : cluster c.proxy-url: is not supported",
                "a: b | token: 'my secret' | : user u.token: is not one (expected: a bearer token)",
                "a: b | client-certificate: c.pem, client-key: k.pem | c.pem cannot be read",
                "a: b | client-certificate-data: eA== | : user u.client-key: missing (expected: both)",
                "a: b | client-certificate-data: eA==, client-key-data: eA== | : no private key (expected: one in PEM)",
                "certificate-authority-data: '*' | token: secret | is not base64 (expected: base64 of PEM)",
                "server: nowhere | token: secret | : cluster c.server: is not a URL",
                "[ | token: secret | : not YAML (expected: a kubeconfig)"
            })
    void whatAKubeconfigCannotMeanIsSaid(String cluster, String user, String message) throws IOException {
        Path file = kubeconfig(cluster, user);

        assertThatThrownBy(() -> new KubeconfigAccess(new Kubeconfig(List.of(file), "")).open())
                .isInstanceOf(PollException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(directory.toString())
                .hasMessageNotContaining("secret");
    }

    @Test
    void namesInAKubeconfigMustBeThere() throws IOException {
        Path file = Files.writeString(directory.resolve("config"), "contexts: [{name: a, context: {cluster: c}}]");

        assertThatThrownBy(() -> new KubeconfigAccess(new Kubeconfig(List.of(file), "")).open())
                .hasMessage(file + ": no current-context (expected: the name of a context)");
        assertThatThrownBy(() -> new KubeconfigAccess(new Kubeconfig(List.of(file), "b")).open())
                .hasMessage(file + ": contexts: none is called b (expected: a context of that name)");
        assertThatThrownBy(() -> new KubeconfigAccess(new Kubeconfig(List.of(file), "a")).open())
                .hasMessage(file + ": clusters: none is called c (expected: a cluster of that name)");
    }

    /** Follows the Endpoints {@code web}: returns {@code live} if they come, else what is said. */
    private static String follow(Surroundings surroundings, KubernetesAccess access) {
        RecordingSink sink = new RecordingSink();
        KubernetesConfig config =
                new KubernetesConfig(access, "shop", KubernetesResource.ENDPOINTS, "web", "", PortRule.ONLY, true);
        try (Watchers watchers = new Watchers(
                        List.of(new KubernetesProvider(TIMING, surroundings, bound -> bound - 1)), Clock.SYSTEM);
                ServiceWatcher watcher = watchers.watch("web", config, sink)) {
            watcher.start();
            Eventually.holds(
                    "an outcome",
                    () -> !sink.statuses().isEmpty()
                            && (sink.lastStatus().state() == State.LIVE
                                    || !sink.lastStatus().error().isEmpty()));
            if (sink.lastStatus().state() == State.LIVE) {
                assertThat(sink.addresses()).containsExactly("10.0.0.1:80");
                return "live";
            }
            return sink.lastStatus().error();
        }
    }

    private Surroundings around(Map<String, String> variables) {
        return new Surroundings(variables, directory);
    }

    private Path kubeconfig(String cluster, String user) throws IOException {
        String server = cluster.startsWith("server:") ? "" : "server: '" + api().url() + "', ";
        return Files.writeString(directory.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: main
                contexts: [{name: main, context: {cluster: c, user: u, namespace: shop}}]
                clusters: [{name: c, cluster: {%s%s}}]
                users: [{name: u, user: {%s}}]
                """.formatted(server, cluster, user));
    }

    private static ApiServer opened(ApiAccess access) {
        try {
            return access.open();
        } catch (PollException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(Path file) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readString(file).getBytes(UTF_8));
    }

    private KubernetesApi api() {
        return Objects.requireNonNull(running);
    }
}
