package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import io.myelin.config.ServiceConfig;
import io.myelin.config.document.DocumentReader;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Sequence;
import io.myelin.config.operator.SocketConfig.Level;
import io.myelin.server.BindAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("examples");

    private final ConfigReader reader = new ConfigReader();

    static List<Path> examples() throws IOException {
        List<Path> examples = new ArrayList<>(filesIn(EXAMPLES));
        examples.add(EXAMPLES.resolve("tye/tye.yaml"));
        return examples;
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleHasNoError(Path example) {
        assertThat(reader.read(List.of(example)).problems())
                .filteredOn(problem -> problem.severity() == Severity.ERROR)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "minimal.yaml",
        "two-services-zookeeper.yaml",
        "sticky.yaml",
        "shared-frontend.yaml",
        "shared-frontend.yaml",
        "synapse-rules.yaml",
        "registries.yaml",
        "every-native-key.yaml",
        "tye/tye.yaml",
        "synse/config.yml"
    })
    void anExampleOfGoodPracticeHasNoWarning(String name) {
        assertThat(reader.read(List.of(EXAMPLES.resolve(name))).problems()).isEmpty();
    }

    @Test
    void theSynapseFileWarnsOfWhatHasNoEffect() {
        LoadedConfig loaded = reader.read(List.of(EXAMPLES.resolve("synapse.conf.json")));

        assertThat(loaded.problems().stream().map(Problem::toString))
                .containsExactly(
                        "examples/synapse.conf.json:40:3: warning: haproxy.reload_command: there is no HAProxy process to"
                                + " write for, reload or talk to: no effect of reload_command, config_file_path,"
                                + " do_writes, do_reloads",
                        "examples/synapse.conf.json:47:3: warning: haproxy.global: settings of the HAProxy process, which"
                                + " have no effect: daemon, user");
        assertThat(loaded.config().operators().sockets()).singleElement().satisfies(socket -> {
            assertThat(socket.path()).isEqualTo("/var/haproxy/stats.sock");
            assertThat(socket.access().mode()).isEqualTo(0666);
            assertThat(socket.level()).isEqualTo(Level.ADMIN);
        });
        assertThat(loaded.config().operators().stats()).singleElement().satisfies(stats -> {
            assertThat(stats.name()).isEqualTo("stats");
            assertThat(stats.addresses()).containsExactly(new BindAddress("*", 3212));
            assertThat(stats.uri()).isEqualTo("/");
            assertThat(stats.refresh()).isEqualTo(Duration.ofSeconds(5));
        });
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("search", "cache");
        assertThat(loaded.config().maxConnections()).isEqualTo(4096);
    }

    @Test
    void theReferenceHoldsEveryKeyThatTheReaderKnows() {
        Map<Keys, Set<String>> missing = new HashMap<>();
        Mapping document = Objects.requireNonNull(
                new DocumentReader(new Problems()).read(EXAMPLES.resolve("every-native-key.yaml")));
        Map.ofEntries(
                        Map.entry("", Keys.TOP),
                        Map.entry("admin", Keys.ADMIN),
                        Map.entry("admin.tls", Keys.ADMIN_TLS),
                        Map.entry("services.*.tls", Keys.TLS),
                        Map.entry("frontends.*.bind.*", Keys.BIND),
                        Map.entry("services.*.member_tls", Keys.MEMBER_TLS),
                        Map.entry("services.*.tls.certificates.*", Keys.TLS_CERTIFICATE),
                        Map.entry("services.*.tls.client_auth", Keys.CLIENT_AUTH),
                        Map.entry("services.*.tls.session", Keys.TLS_SESSION),
                        Map.entry("reload", Keys.RELOAD),
                        Map.entry("synse", SynseKeys.TOP),
                        Map.entry("synse.plugin", SynseKeys.PLUGIN),
                        Map.entry("synse.plugin.discover", SynseKeys.DISCOVER),
                        Map.entry("synse.plugin.discover.kubernetes", SynseKeys.KUBERNETES),
                        Map.entry("synse.plugin.discover.kubernetes.endpoints", SynseKeys.ENDPOINTS),
                        Map.entry("synse.cache", SynseKeys.CACHE),
                        Map.entry("synse.cache.device", SynseKeys.CACHE_DEVICE),
                        Map.entry("synse.cache.plugin", SynseKeys.CACHE_PLUGIN),
                        Map.entry("synse.cache.transaction", SynseKeys.CACHE_TRANSACTION),
                        Map.entry("synse.grpc", SynseKeys.GRPC),
                        Map.entry("synse.metrics", SynseKeys.METRICS),
                        Map.entry("state_file", Keys.STATE_FILE),
                        Map.entry("file_output", Keys.FILE_OUTPUT),
                        Map.entry("statsd", Keys.STATSD),
                        Map.entry("access_log", Keys.ACCESS_LOG),
                        Map.entry("services.*.access_log", Keys.SERVICE_LOG),
                        Map.entry("services.*.request_id", Keys.REQUEST_ID),
                        Map.entry("services.*", ReplicaKeys.WHOLE_SERVICE),
                        Map.entry("announce", AnnounceKeys.TOP),
                        Map.entry("services.*.announce", AnnounceKeys.SERVICE),
                        Map.entry("services.*.announce.checks.*", AnnounceKeys.CHECK),
                        Map.entry("services.*.announce.rate_limit", AnnounceKeys.RATE_LIMIT),
                        Map.entry("services.*.announce.checks.*.rabbitmq", AnnounceKeys.RABBITMQ),
                        Map.entry("services.*.discovery", Keys.DISCOVERY.and(Keys.ZOOKEEPER)),
                        Map.entry("services.*.discovery.auth", Keys.ZOOKEEPER_AUTH),
                        Map.entry("services.*.discovery.tls", Keys.ZOOKEEPER_TLS),
                        Map.entry("services.*.*", Keys.MULTI.and(ReplicaKeys.PROBE)),
                        Map.entry("services.*.*.resolver", Keys.RESOLVER),
                        Map.entry("services.*.discovery.label_filters.*", Keys.LABEL_FILTER),
                        Map.entry("services.*.default_servers.*", Keys.SERVER),
                        Map.entry("services.*.balance", Keys.BALANCE),
                        Map.entry("services.*.sticky", Keys.STICKY),
                        Map.entry("services.*.slow_start", Keys.SLOW_START),
                        Map.entry("services.*.check", Keys.CHECK),
                        Map.entry("services.*.check.http", Keys.HTTP_CHECK),
                        Map.entry("services.*.observe", Keys.OBSERVE),
                        Map.entry("services.*.order", Keys.ORDER),
                        Map.entry("services.*.monitor", Keys.MONITOR),
                        Map.entry("services.*.timeouts", Keys.TIMEOUTS),
                        Map.entry("services.*.retries", Keys.RETRIES),
                        Map.entry("services.*.routes.*", Keys.ROUTE),
                        Map.entry("services.*.access.*", Keys.ACCESS),
                        Map.entry("services.*.socket", Keys.SOCKET),
                        Map.entry("services.*.limits", Keys.LIMITS),
                        Map.entry("services.*.bindings.*", ReplicaKeys.BINDING),
                        Map.entry("services.*.volumes.*", ReplicaKeys.VOLUME),
                        Map.entry("services.*.restart", ReplicaKeys.RESTART),
                        Map.entry("services.*.*.http", ReplicaKeys.HTTP_PROBE),
                        Map.entry("services.*.*.grpc", ReplicaKeys.GRPC_PROBE),
                        Map.entry("services.*.restart_hook", ReplicaKeys.RESTART_HOOK),
                        Map.entry("services.*.queue", Keys.QUEUE),
                        Map.entry("limits", Keys.PROCESS_LIMITS),
                        Map.entry("services.*.deny.*", Keys.DENY),
                        Map.entry("services.*.*.*.when", Keys.WHEN),
                        Map.entry("services.*.redirects.*", Keys.REDIRECT),
                        Map.entry("services.*.request_headers", Keys.HEADERS),
                        Map.entry("frontends.*", Keys.FRONTEND),
                        Map.entry("frontends.*.timeouts", Keys.FRONTEND_TIMEOUTS),
                        Map.entry("frontends.*.limits", Keys.FRONTEND_LIMITS))
                .forEach((path, keys) -> {
                    Set<String> absent = new TreeSet<>(keys.own());
                    absent.removeAll(keysAt(document, path.isEmpty() ? List.of() : List.of(path.split("\\.", -1))));
                    if (!absent.isEmpty()) {
                        missing.put(keys, absent);
                    }
                });

        assertThat(missing).isEmpty();
    }

    @Test
    void theVariablesOfSynsesManifestsAreReadAndNameNothingUnknown() throws IOException {
        Map<String, String> compose = new HashMap<>();
        Map<String, String> deployment = new HashMap<>();
        texts(document("synse/compose.yaml"), List.of("services", "synse", "environment"), compose);
        for (String part :
                Files.readString(EXAMPLES.resolve("synse/kubernetes.yaml")).split("\n---\n", -1)) {
            Mapping manifest = Objects.requireNonNull(new DocumentReader(new Problems()).parse("part", part));
            texts(manifest, List.of("spec", "template", "spec", "containers", "*", "env", "*"), deployment);
        }

        assertThat(compose).containsEntry("SYNSE_PLUGIN_TCP", "emulator:5001");
        assertThat(deployment).containsKey("SYNSE_PLUGIN_DISCOVER_KUBERNETES_ENDPOINTS_LABELS_APP");
        for (Map<String, String> environment : List.of(compose, deployment)) {
            LoadedConfig loaded = new ConfigReader(environment).read(List.of());
            assertThat(loaded.problems()).isEmpty();
            assertThat(Objects.requireNonNull(loaded.config().synse()).metrics())
                    .isTrue();
        }
    }

    private static Mapping document(String example) {
        return Objects.requireNonNull(new DocumentReader(new Problems()).read(EXAMPLES.resolve(example)));
    }

    /** Collects the texts of a map, or the {@code value} of each item by its {@code name}, at {@code path}. */
    private static void texts(Node node, List<String> path, Map<String, String> found) {
        if (node instanceof Sequence sequence && !path.isEmpty()) {
            sequence.items().forEach(item -> texts(item, path.subList(1, path.size()), found));
        } else if (node instanceof Mapping mapping && path.isEmpty()) {
            Entry name = mapping.entry("name");
            Entry value = mapping.entry("value");
            if (name != null && value != null) {
                found.put(((Scalar) name.value()).text(), ((Scalar) value.value()).text());
            } else {
                mapping.entries().forEach(entry -> found.put(entry.name(), ((Scalar) entry.value()).text()));
            }
        } else if (node instanceof Mapping mapping) {
            Entry entry = mapping.entry(path.get(0));
            if (entry != null) {
                texts(entry.value(), path.subList(1, path.size()), found);
            }
        }
    }

    @Test
    void theRegistriesHaveEveryKeyOfTheirMethods() {
        Mapping document =
                Objects.requireNonNull(new DocumentReader(new Problems()).read(EXAMPLES.resolve("registries.yaml")));

        assertThat(keysAt(document, List.of("services", "names", "discovery"))).containsAll(DnsDiscovery.KEYS.own());
        assertThat(keysAt(document, List.of("services", "names", "discovery", "servers", "*")))
                .containsAll(DnsDiscovery.SERVER.own());
        assertThat(keysAt(document, List.of("services", "containers", "discovery")))
                .containsAll(DockerDiscovery.KEYS.own());
        assertThat(keysAt(document, List.of("services", "containers", "discovery", "servers", "*")))
                .containsAll(DockerDiscovery.SERVER.own());
        assertThat(keysAt(document, List.of("services", "tasks", "discovery")))
                .containsAll(MarathonDiscovery.KEYS.own());
        for (Keys keys : List.of(KubernetesDiscovery.KEYS, TlsFilesReader.KEYS)) {
            Set<String> written = keysAt(document, List.of("services", "pods", "discovery"));
            written.addAll(keysAt(document, List.of("services", "labelled_pods", "discovery")));
            written.addAll(keysAt(document, List.of("services", "pods_of_a_kubeconfig", "discovery")));
            assertThat(written).containsAll(keys.own());
        }
        assertThat(keysAt(document, List.of("services", "instances", "discovery")))
                .containsAll(Ec2TagDiscovery.KEYS.own());
    }

    private static Set<String> keysAt(Node node, List<String> path) {
        Set<String> keys = new TreeSet<>();
        if (path.isEmpty()) {
            if (node instanceof Mapping mapping) {
                mapping.entries().forEach(entry -> keys.add(entry.name()));
            }
            return keys;
        }
        List<String> rest = path.subList(1, path.size());
        if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> keys.addAll(keysAt(item, rest)));
        } else if (node instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                if (path.get(0).equals("*") || path.get(0).equals(entry.name())) {
                    keys.addAll(keysAt(entry.value(), rest));
                }
            }
        }
        return keys;
    }
}
