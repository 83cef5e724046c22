package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class KubernetesDiscoveryTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aServiceIsEnough() {
        assertThat(read("service: web"))
                .isEqualTo(new KubernetesConfig(
                        KubernetesAccess.STANDARD,
                        "",
                        KubernetesResource.ENDPOINT_SLICES,
                        "web",
                        "",
                        PortRule.ONLY,
                        false));
    }

    @Test
    void everythingElseMayBeSaid() {
        assertThat(
                        read(
                                "selector: {app: web, tier: ''}, namespace: shop, resource: endpoints, port: 8080, pods_only: true,"
                                        + " api_url: 'https://k:6443', token_file: t, ca_file: ca.pem, cert_file: c.pem, key_file: k.pem"))
                .isEqualTo(new KubernetesConfig(
                        new Explicit(
                                new HttpOrigin(true, "k", 6_443, ""),
                                Path.of("t"),
                                new TlsFiles(Path.of("ca.pem"), Path.of("c.pem"), Path.of("k.pem"))),
                        "shop",
                        KubernetesResource.ENDPOINTS,
                        "",
                        "app=web,tier=",
                        PortRule.numbered(8_080),
                        true));
        assertThat(read("selector: 'app in (web,api)', port: grpc, kubeconfig: /k, context: prod"))
                .isEqualTo(new KubernetesConfig(
                        new Kubeconfig(List.of(Path.of("/k")), "prod"),
                        "",
                        KubernetesResource.ENDPOINT_SLICES,
                        "",
                        "app in (web,api)",
                        PortRule.named("grpc"),
                        false));
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(files.problems("""
                services:
                  a:
                    discovery: {method: kubernetes}
                  b:
                    discovery: {method: kubernetes, service: web, selector: app=web}
                  c:
                    discovery: {method: kubernetes, service: Web, namespace: "a/b", resource: pods, port: 70000}
                  d:
                    discovery: {method: kubernetes, selector: {app: [1], b: "x y"}, port: "a b", pods_only: maybe}
                  e:
                    discovery: {method: kubernetes, selector: "", token_file: t, ca_file: c, context: x}
                  f:
                    discovery: {method: kubernetes, service: w, api_url: "me:secret@k", kubeconfig: /k, name_space: x}
                """))
                .containsExactly(
                        "0.yaml:3:16: services.a.discovery: has neither service nor selector (expected: one of"
                                + " them)",
                        "0.yaml:5:51: services.b.discovery.selector: is set beside service (expected: one of them)",
                        "0.yaml:7:46: services.c.discovery.service: Web (expected: the name of a service)",
                        "0.yaml:7:62: services.c.discovery.namespace: a/b (expected: the name of a namespace)",
                        "0.yaml:7:79: services.c.discovery.resource: pods (expected: endpoint_slices or endpoints)",
                        "0.yaml:7:91: services.c.discovery.port: 70000 (expected: 1..65535)",
                        "0.yaml:9:53: services.d.discovery.selector.app: is not the value of a label (expected:"
                                + " up to 63 letters, digits, '-', '_' and '.')",
                        "0.yaml:9:61: services.d.discovery.selector.b: is not the value of a label (expected: up"
                                + " to 63 letters, digits, '-', '_' and '.')",
                        "0.yaml:9:75: services.d.discovery.port: a b (expected: the name or the number of a port)",
                        "0.yaml:9:93: services.d.discovery.pods_only: maybe (expected: true or false)",
                        "0.yaml:11:47: services.e.discovery.selector: has no labels (expected: a selector such"
                                + " as app=web,tier=front, or a map of labels)",
                        "0.yaml:11:51: services.e.discovery.token_file: is set without api_url (expected: both)",
                        "0.yaml:11:66: services.e.discovery.ca_file: is set without api_url (expected: both)",
                        "0.yaml:11:78: services.e.discovery.context: is set without kubeconfig (expected: both)",
                        "0.yaml:13:58: services.f.discovery.api_url: is not a URL (expected: a URL such as"
                                + " https://10.0.0.1:6443)",
                        "0.yaml:13:73: services.f.discovery.kubeconfig: is set beside api_url (expected: one of"
                                + " them)",
                        "0.yaml:13:89: services.f.discovery.name_space: unknown key, did you mean namespace?");
    }

    private DiscoveryConfig read(String keys) {
        return files.service("services:\n  web:\n    discovery: {method: kubernetes, " + keys + "}\n")
                .discovery();
    }
}
