package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.Problem;
import io.myelin.config.SynseConfig;
import io.myelin.config.SynseConfig.Logging;
import io.myelin.config.SynseConfig.PassThrough;
import io.myelin.discovery.kubernetes.KubernetesAccess;
import io.myelin.discovery.kubernetes.KubernetesConfig;
import io.myelin.discovery.kubernetes.KubernetesResource;
import io.myelin.health.plugin.PluginAddress;
import io.myelin.health.plugin.PluginTls;
import io.myelin.server.BindAddress;
import io.myelin.tls.TlsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class SynseFilesTest {
    private static final String LABELS = "SYNSE_PLUGIN_DISCOVER_KUBERNETES_ENDPOINTS_LABELS";

    @TempDir
    Path directory = Path.of("");

    @Test
    void everyKeyIsRead() {
        pem("ca.pem", "cert.pem", "key.pem", "mine.pem", "mine.key");

        SynseConfig config = only("""
                logging: warning
                pretty_json: false
                plugin:
                  tcp: ["emulator:5001", "[::1]:5002"]
                  unix: [emu.sock, /run/other.sock]
                  discover:
                    kubernetes:
                      namespace: vapor
                      endpoints: {labels: {app: synse, component: plugin}}
                cache:
                  device: {rebuild_every: 60}
                  plugin: {refresh_every: 20}
                  transaction: {ttl: 600}
                grpc:
                  timeout: 0.5
                  tls: {cert: DIR/ca.pem, client_cert: DIR/mine.pem, client_key: DIR/mine.key, server_name: emu}
                ssl: {cert: DIR/cert.pem, key: DIR/key.pem}
                metrics: {enabled: true}
                address: 127.0.0.1:5050
                pass_through: {port: 5010, tls: {cert: DIR/cert.pem, key: DIR/key.pem}}
                """);

        assertThat(config.logging()).isEqualTo(Logging.WARNING);
        assertThat(config.prettyJson()).isFalse();
        assertThat(config.metrics()).isTrue();
        assertThat(config.plugins().configured())
                .containsExactly(
                        PluginAddress.tcp("emulator:5001"),
                        PluginAddress.tcp("[::1]:5002"),
                        PluginAddress.unix("/tmp/synse/emu.sock"),
                        PluginAddress.unix("/run/other.sock"));
        assertThat(config.kubernetes())
                .isEqualTo(KubernetesConfig.plugins(KubernetesAccess.STANDARD, "vapor", "app=synse,component=plugin"));
        assertThat(config.deviceRebuildEvery()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.plugins().refreshEvery()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.transactionTtl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.plugins().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.plugins().tls())
                .isEqualTo(new PluginTls(at("ca.pem"), at("mine.pem"), at("mine.key"), "emu"));
        TlsConfig tls = TlsConfig.of(at("cert.pem").toString(), at("key.pem").toString());
        assertThat(config.tls()).isEqualTo(tls);
        assertThat(config.address()).isEqualTo(new BindAddress("127.0.0.1", 5050));
        assertThat(config.passThrough())
                .isEqualTo(new PassThrough(new BindAddress("0.0.0.0", 5010), at("cert.pem"), at("key.pem")));
    }

    @Test
    void withoutKeysEverythingIsAsInSynseServer() {
        SynseConfig config = only("plugin: {tcp: ['h:1']}");

        assertThat(config.address()).isEqualTo(new BindAddress("0.0.0.0", 5000));
        assertThat(config.tls()).isNull();
        assertThat(config.plugins().tls()).isNull();
        assertThat(config.kubernetes()).isNull();
        assertThat(config.passThrough()).isNull();
        assertThat(config.values())
                .hasToString("{logging=debug, pretty_json=true, plugin={tcp=[h:1], unix=[]},"
                        + " cache={device={rebuild_every=180}, plugin={refresh_every=120}, transaction={ttl=300}},"
                        + " grpc={timeout=3}, metrics={enabled=false}}");
    }

    @Test
    void everyKeyHasAVariable() {
        pem("ca.pem", "cert.pem", "key.pem");

        SynseConfig config = only(Map.ofEntries(
                Map.entry("SYNSE_LOGGING", "error"),
                Map.entry("SYNSE_PRETTY_JSON", "False"),
                Map.entry("SYNSE_PLUGIN_TCP", "a:1, b:2"),
                Map.entry("SYNSE_PLUGIN_UNIX", "emu.sock"),
                Map.entry("SYNSE_PLUGIN_DISCOVER_KUBERNETES_NAMESPACE", "vapor"),
                Map.entry(LABELS + "_APP", "synse"),
                Map.entry(LABELS + "_COMPONENT", "plugin"),
                Map.entry("SYNSE_CACHE_DEVICE_REBUILD_EVERY", "1"),
                Map.entry("SYNSE_CACHE_PLUGIN_REFRESH_EVERY", "2"),
                Map.entry("SYNSE_CACHE_TRANSACTION_TTL", "3"),
                Map.entry("SYNSE_GRPC_TIMEOUT", "4"),
                Map.entry("SYNSE_GRPC_TLS_CERT", at("ca.pem").toString()),
                Map.entry("SYNSE_GRPC_TLS_CLIENT_CERT", at("cert.pem").toString()),
                Map.entry("SYNSE_GRPC_TLS_CLIENT_KEY", at("key.pem").toString()),
                Map.entry("SYNSE_GRPC_TLS_SERVER_NAME", "emu"),
                Map.entry("SYNSE_SSL_CERT", at("cert.pem").toString()),
                Map.entry("SYNSE_SSL_KEY", at("key.pem").toString()),
                Map.entry("SYNSE_METRICS_ENABLED", "TRUE"),
                Map.entry("SYNSE_ADDRESS", "127.0.0.1:5050"),
                Map.entry("SYNSE_PASS_THROUGH_ADDRESS", "127.0.0.1:5051"),
                Map.entry("SYNSE_PASS_THROUGH_TLS_CERT", at("cert.pem").toString()),
                Map.entry("SYNSE_PASS_THROUGH_TLS_KEY", at("key.pem").toString())));

        String cert = at("cert.pem").toString();
        assertThat(config.values())
                .hasToString("{logging=error, pretty_json=false, plugin={tcp=[a:1, b:2], unix=[emu.sock],"
                        + " discover={kubernetes={namespace=vapor,"
                        + " endpoints={labels={app=synse, component=plugin}}}}},"
                        + " cache={device={rebuild_every=1}, plugin={refresh_every=2}, transaction={ttl=3}},"
                        + " grpc={timeout=4, tls={cert=" + at("ca.pem") + ", client_cert=" + cert
                        + ", client_key=(hidden), server_name=emu}},"
                        + " ssl={cert=" + cert + ", key=(hidden)}, metrics={enabled=true}, address=127.0.0.1:5050,"
                        + " pass_through={address=127.0.0.1:5051, tls={cert=" + cert + ", key=(hidden)}}}");
        assertThat(config.logging()).isEqualTo(Logging.ERROR);
        assertThat(config.plugins().timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(Objects.requireNonNull(config.kubernetes()).selector()).isEqualTo("app=synse,component=plugin");
        assertThat(Objects.requireNonNull(config.passThrough()).address())
                .isEqualTo(new BindAddress("127.0.0.1", 5051));
    }

    @Test
    void scenario39TheEnvironmentCountsOverTheFileKeyByKey() {
        SynseConfig config = only(
                Map.of("SYNSE_GRPC_TIMEOUT", "1", "SYNSE_PLUGIN_TCP", "other:1"),
                "{grpc: {timeout: 5}, plugin: {tcp: ['h:1', 'i:1'], unix: [s]}}");

        assertThat(config.plugins().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.plugins().configured())
                .containsExactly(PluginAddress.tcp("other:1"), PluginAddress.unix("s"));
        assertThat(config.values()).containsEntry("grpc", Map.of("timeout", 1L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{app: synse}; COMPONENT=plugin; ; app=synse,component=plugin",
                "{app: synse}; APP=other; ; app=other",
                "{app: synse}; ; app.kubernetes.io/Name=X,tier=a; app.kubernetes.io/Name=X,tier=a",
                "{app: synse}; PART_OF=x; 'app in (a, b)'; 'app in (a, b),part_of=x'",
                "\"app=synse, component==plugin\"; ; ; app=synse,component=plugin",
                "\"app,!old\"; ; ; app,!old"
            })
    void scenario31LabelsAreGivenOneByOneOrAsASelector(
            String file, @Nullable String variable, @Nullable String whole, String selector) {
        Map<String, String> environment = variable != null
                ? whole != null
                        ? Map.of(LABELS + "_" + variable.split("=", -1)[0], variable.split("=", -1)[1], LABELS, whole)
                        : Map.of(LABELS + "_" + variable.split("=", -1)[0], variable.split("=", -1)[1])
                : whole != null ? Map.of(LABELS, whole) : Map.of();

        SynseConfig config = only(environment, "plugin: {discover: {kubernetes: {endpoints: {labels: " + file + "}}}}");

        assertThat(Objects.requireNonNull(config.kubernetes()).selector()).isEqualTo(selector);
        assertThat(Objects.requireNonNull(config.kubernetes()).namespace()).isEqualTo("default");
    }

    @Test
    void variablesAreEnough() {
        LoadedConfig loaded = new ConfigReader(Map.of("SYNSE_PLUGIN_TCP", "h:1")).read(List.of());

        assertThat(loaded.problems()).isEmpty();
        assertThat(Objects.requireNonNull(loaded.config().synse()).plugins().configured())
                .containsExactly(PluginAddress.tcp("h:1"));
        assertThat(new ConfigReader(Map.of("PATH", "/bin"))
                        .read(List.of())
                        .config()
                        .synse())
                .isNull();
    }

    @Test
    void whatKubernetesSetsForAServiceOfTheNameMeansNothing() {
        LoadedConfig loaded = load(
                Map.of(
                        "SYNSE_PORT", "tcp://10.0.0.1:5000",
                        "SYNSE_SERVICE_HOST", "10.0.0.1",
                        "SYNSE_SERVICE_PORT_HTTP", "5000",
                        "SYNSE_PASS_THROUGH_PORT", "tcp://10.0.0.1:5010",
                        "SYNSE_PLUGIN_PORT_5001_TCP", "tcp://10.0.0.1:5001"),
                "plugin: {}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(Objects.requireNonNull(loaded.config().synse()).passThrough())
                .isNull();
    }

    @Test
    void aMistypedVariableIsNamed() {
        assertThat(problems(Map.of("SYNSE_PLUGIN_TPC", "h:1"), "plugin: {}"))
                .containsExactly("SYNSE_PLUGIN_TPC: warning: is not used, did you mean SYNSE_PLUGIN_TCP?");
    }

    @Test
    void variablesWithoutAFileOfSynsesAreSaidToHaveNoEffect() {
        assertThat(problems(Map.of("SYNSE_PLUGIN_TCP", "h:1"), "services: {web: {port: 80, servers: ['h:1']}}"))
                .containsExactly("SYNSE_PLUGIN_TCP: warning: has no effect: no file is one of Synse's or has a"
                        + " section synse");
    }

    @Test
    void aBadValueIsSaidOfItsVariable() {
        assertThat(problems(Map.of("SYNSE_GRPC_TIMEOUT", "soon", "SYNSE_METRICS_ENABLED", "perhaps"), "plugin: {}"))
                .containsExactlyInAnyOrder(
                        "SYNSE_GRPC_TIMEOUT: grpc.timeout: soon (expected: seconds, such as 3 or 0.5, or a number with"
                                + " a unit, such as 250ms)",
                        "SYNSE_METRICS_ENABLED: metrics.enabled: perhaps (expected: true or false)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "plugn: {tcp: []}; 0.yaml:1:1: plugn: unknown key, did you mean plugin?",
                "plugin: {tpc: []}; 0.yaml:1:10: plugin.tpc: unknown key, did you mean tcp?",
                "grpc: {tls: {certs: x}}; 0.yaml:1:14: grpc.tls.certs: unknown key, did you mean cert?",
                "plugin: {tcp: [h]}; 0.yaml:1:16: plugin.tcp[0]: h (expected: HOST:PORT)",
                "plugin: {tcp: ['h:70000']}; 0.yaml:1:16: plugin.tcp[0]: h:70000 (expected: HOST:PORT)",
                "plugin: {tcp: {h: 1}}; 0.yaml:1:15: plugin.tcp: is a map (expected: HOST:PORT)",
                "grpc: {timeout: 0}; 0.yaml:1:17: grpc.timeout: 0 (expected: more than 0, at most 24 days)",
                "logging: loud; 0.yaml:1:10: logging: loud (expected: debug, info, warning, error or critical)",
                "ssl: {cert: DIR/a.pem}; 0.yaml:1:13: ssl.cert: is set without key (expected: both, or none of them)",
                "ssl: {key: DIR/a.pem}; 0.yaml:1:12: ssl.key: is set without cert (expected: both, or none of them)",
                "ssl: {key: /no, cert: DIR/a.pem}; 0.yaml:1:12: ssl.key: key not found: /no (expected: a readable file"
                        + " in PEM)",
                "grpc: {tls: {cert: /no}}; 0.yaml:1:20: grpc.tls.cert: gRPC cert not found: /no (expected: a readable"
                        + " file in PEM)",
                "grpc: {tls: {server_name: x}}; 0.yaml:1:13: grpc.tls: has no cert (expected: the certificates that"
                        + " vouch for plugins)",
                "pass_through: {}; 0.yaml:1:15: pass_through: has port and address, or neither (expected: one of them)",
                "address: /run/x; 0.yaml:1:10: address: /run/x (expected: ADDRESS:PORT, such as 0.0.0.0:5000)",
                "plugin: {discover: {kubernetes: {namespace: A_B, endpoints: {labels: {a: b}}}}}; 0.yaml:1:45:"
                        + " plugin.discover.kubernetes.namespace: A_B (expected: the name of a namespace: small"
                        + " letters, digits and -)",
                "plugin: {discover: {kubernetes: {endpoints: {labels: {a: '?'}}}}}; 0.yaml:1:58:"
                        + " plugin.discover.kubernetes.endpoints.labels.a: ? (expected: a label and its value:"
                        + " letters, digits, -, _ and .)"
            })
    void whatCannotBeUsedIsSaidWithItsPlace(String text, String message) {
        pem("a.pem");

        LoadedConfig loaded = load(Map.of(), text);

        assertThat(problems(loaded)).containsExactly(message);
        assertThat(loaded.config().synse()).isNull();
        assertThat(loaded.synseErrors()).hasSize(1);
        assertThat(loaded.unusable()).isFalse();
    }

    @Test
    void relativePathsBeginAtTheFileIfThereIsNothingInTheWorkingDirectory() {
        pem("ca.pem");

        assertThat(only("grpc: {tls: {cert: ca.pem}}").plugins().tls())
                .isEqualTo(new PluginTls(at("ca.pem"), null, null, null));
    }

    @Test
    void theApiServerMayBeNamed() {
        pem("ca.pem", "token");

        KubernetesConfig config = Objects.requireNonNull(only("""
                plugin:
                  discover:
                    kubernetes:
                      endpoints: {labels: app=synse}
                      resource: endpoint_slices
                      api_url: https://10.0.0.1:6443
                      token_file: DIR/token
                      ca_file: DIR/ca.pem
                """).kubernetes());

        assertThat(config.access())
                .isInstanceOfSatisfying(
                        KubernetesAccess.Explicit.class,
                        named -> assertThat(named.tokenFile()).isEqualTo(at("token")));
        assertThat(config.resource()).isEqualTo(KubernetesResource.ENDPOINT_SLICES);
        assertThat(config.podsOnly()).isTrue();
    }

    @Test
    void withoutLabelsNothingIsLookedFor() {
        LoadedConfig loaded = load(Map.of(), "plugin: {discover: {kubernetes: {namespace: a}}}");

        assertThat(problems(loaded))
                .containsExactly("0.yaml:1:33: warning: plugin.discover.kubernetes: has no endpoints.labels: nothing is"
                        + " found");
        assertThat(Objects.requireNonNull(loaded.config().synse()).kubernetes()).isNull();
    }

    @Test
    void theKeyOfTheDocumentationMeansTheRealOne() {
        assertThat(only("cache: {device: {refresh_every: 7}}").plugins().refreshEvery())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(only("cache: {device: {refresh_every: 7}, plugin: {refresh_every: 8}}")
                        .plugins()
                        .refreshEvery())
                .isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aNativeFileHasASectionOfItsOwn() {
        LoadedConfig loaded = load(Map.of(), """
                services: {web: {port: 8080, servers: ["h:1"]}}
                synse:
                  plugin: {tcp: "h:2"}
                  grpc: {timeout: 250ms}
                """);

        SynseConfig config = Objects.requireNonNull(loaded.config().synse());
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services()).hasSize(1);
        assertThat(config.plugins().configured()).containsExactly(PluginAddress.tcp("h:2"));
        assertThat(config.plugins().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.values()).containsEntry("grpc", Map.of("timeout", 0.25));
    }

    @Test
    void anEmptySectionTurnsItOn() {
        assertThat(load(Map.of(), "synse:").config().synse()).isNotNull();
    }

    @Test
    void whatIsWrongWithPluginsHarmsNoService() {
        LoadedConfig loaded = load(Map.of(), """
                services: {web: {port: 8080, servers: ["h:1"]}}
                synse: {grpc: {timeout: -1}, address: "127.0.0.1:8080"}
                """);

        assertThat(loaded.config().services()).hasSize(1);
        assertThat(loaded.synseErrors()).hasSize(2);
        assertThat(loaded.config().synse()).isNull();
    }

    @Test
    void aFileOfSynsesMayHaveMyelinsKeysAndStandBesideOthers() {
        LoadedConfig loaded = load(
                Map.of(),
                "{plugin: {tcp: ['h:1']}, admin: {address: '127.0.0.1:9000'}, x-mine: 1}",
                "services: [{name: web, external: true, bindings: [{port: 8080}]}]");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().admin()).isEqualTo(new BindAddress("127.0.0.1", 9000));
        assertThat(loaded.config().synse()).isNotNull();
    }

    @Test
    void twoFilesOfSynsesAreOneTooMany() {
        assertThat(problems(load(Map.of(), "plugin: {}", "synse: {}")))
                .containsExactly("1.yaml:1:1: synse: what Synse reads may be there once, and is already at " + directory
                        + "/0.yaml:1 (expected: once)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logging: debug", "pretty_json: true", "cache: {}", "grpc: {}", "ssl: {}", "metrics: {}"})
    void anyKeyTellsAFileOfSynses(String text) {
        assertThat(load(Map.of(), text).config().synse()).isNotNull();
    }

    @Test
    void otherProgramsSectionsAreNotTakenForSynses() {
        LoadedConfig loaded =
                load(Map.of(), "{services: {web: {port: 80, servers: ['h:1']}}, logging: {level: debug}}");

        assertThat(loaded.config().synse()).isNull();
        assertThat(problems(loaded))
                .containsExactly(
                        "0.yaml:1:49: warning: logging: not interpreted: a section for another program than Myelin");
        assertThat(new MyelinConfig(
                                List.of(),
                                List.of(),
                                MyelinConfig.DEFAULT_ADMIN,
                                0,
                                loaded.config().reload(),
                                loaded.config().operators())
                        .synse())
                .isNull();
    }

    private SynseConfig only(String text) {
        return only(Map.of(), text);
    }

    private SynseConfig only(Map<String, String> environment, String... texts) {
        LoadedConfig loaded =
                texts.length == 0 ? new ConfigReader(environment).read(List.of()) : load(environment, texts);
        assertThat(loaded.problems()).isEmpty();
        return Objects.requireNonNull(loaded.config().synse());
    }

    private List<String> problems(Map<String, String> environment, String text) {
        return problems(load(environment, text));
    }

    private List<String> problems(LoadedConfig loaded) {
        return loaded.problems().stream()
                .map(Problem::toString)
                .map(message -> message.startsWith(directory.toString())
                        ? message.substring(directory.toString().length() + 1)
                        : message)
                .toList();
    }

    private LoadedConfig load(Map<String, String> environment, String... texts) {
        List<Path> files = new ArrayList<>();
        for (String text : texts) {
            files.add(write(files.size() + ".yaml", text.replace("DIR", directory.toString())));
        }
        return new ConfigReader(environment).read(files);
    }

    private Path at(String name) {
        return directory.resolve(name);
    }

    private void pem(String... names) {
        for (String name : names) {
            write(name, "-----BEGIN CERTIFICATE-----\n");
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(at(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
