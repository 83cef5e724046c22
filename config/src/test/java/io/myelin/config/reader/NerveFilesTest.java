package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.AnnounceConfig;
import io.myelin.config.AnnounceSettings;
import io.myelin.config.LoadedConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.discovery.announce.RateLimit;
import io.myelin.discovery.zookeeper.NodeType;
import io.myelin.discovery.zookeeper.ZooKeeperReporterConfig;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.health.LocalCheck;
import io.myelin.health.Question;
import io.myelin.model.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class NerveFilesTest {
    private static final String ZK = "zk_hosts: ['zk:2181'], zk_path: /web";
    private static final Duration TENTH = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void readsEveryKeyOfAService() {
        AnnounceConfig web = only("""
                instance_id: i-7
                max_repeated_report_failures: 4
                services:
                  web:
                    host: 10.0.0.7
                    port: "8080"
                    reporter_type: zookeeper
                    zk_hosts: [zk2:2181, zk1:2181]
                    zk_path: /nerve/web
                    node_type: persistent_sequential
                    use_path_encoding: true
                    ttl_seconds: 30
                    check_interval: 2.5
                    weight: "12"
                    haproxy_server_options: backup
                    labels: {"region:us-west": "", rack: 7}
                    rate_limiting: {shadow_mode: false, average_rate: 0.1, max_burst: 3}
                    checks:
                      - type: http
                        name: health
                        uri: /health
                        host: 127.0.0.1
                        port: 8081
                        timeout: 0.5
                        open_timeout: 0.3
                        rise: 3
                        fall: 2
                        ssl: true
                        ssl_timeout: 0.7
                        headers: {Host: web}
                        expect: OK
                      - {type: tcp}
                      - {type: noop}
                """);

        assertThat(web.name()).isEqualTo("web");
        assertThat(web.endpoint())
                .isEqualTo(Endpoint.of("i-7", "10.0.0.7", 8080)
                        .withWeight(12)
                        .withOptions("backup")
                        .withLabels(Map.of("region:us-west", "", "rack", "7")));
        assertThat(web.reporter())
                .isEqualTo(new ZooKeeperReporterConfig(
                        List.of("zk2:2181", "zk1:2181"),
                        "/nerve/web",
                        NodeType.PERSISTENT_SEQUENTIAL,
                        true,
                        Duration.ofSeconds(30)));
        assertThat(web.interval()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(web.limit()).isEqualTo(new RateLimit(0.1, 3, false));
        assertThat(web.alarmAfter()).isEqualTo(4);
        assertThat(web.withdrawWait()).isEqualTo(AnnounceConfig.DEFAULT_WITHDRAW_WAIT);
        HttpCheck request = new HttpCheck(
                "GET",
                "/health",
                "HTTP/1.1",
                List.of("Host: web"),
                new Expectation(Kind.SUCCESS_AND_BODY_CONTAINS, false, "OK"));
        assertThat(web.checks())
                .containsExactly(
                        new LocalCheck(
                                "health",
                                new Question.Http(request, Duration.ofMillis(700)),
                                "127.0.0.1",
                                8081,
                                Duration.ofMillis(300),
                                Duration.ofMillis(500),
                                3,
                                2),
                        new LocalCheck("tcp-10.0.0.7:8080", new Question.Tcp(), "10.0.0.7", 8080, TENTH, TENTH, 1, 1),
                        new LocalCheck(
                                "noop-10.0.0.7:8080", new Question.Nothing(), "10.0.0.7", 8080, TENTH, TENTH, 1, 1));
    }

    @Test
    void whatIsNotSaidIsAsWithNerve() {
        AnnounceConfig web = only("instance_id: i-7\nservices: {web: {host: h, port: 1, " + ZK + "}}");

        assertThat(web)
                .isEqualTo(new AnnounceConfig(
                        "web",
                        Endpoint.of("i-7", "h", 1),
                        ZooKeeperReporterConfig.of(List.of("zk:2181"), "/web"),
                        List.of(),
                        Duration.ofMillis(500),
                        RateLimit.NONE,
                        10,
                        Duration.ofSeconds(2)));
    }

    @Test
    void aHandshakeHasNervesFifthOfASecond() {
        AnnounceConfig web = only("instance_id: i-7\nservices: {web: {host: h, port: 1, " + ZK
                + ", checks: [{type: http, uri: /, ssl: true}]}}");

        assertThat(web.checks())
                .extracting(LocalCheck::question)
                .containsExactly(new Question.Http(
                        new HttpCheck("GET", "/", "HTTP/1.1", List.of(), Expectation.SUCCESS), Duration.ofMillis(200)));
    }

    @Test
    void aMockedCheckIsNotMade() {
        AnnounceConfig web = only("instance_id: i-7\nservices: {web: {host: h, port: 1, " + ZK
                + ", check_mocked: true, checks: [{type: tcp}]}}");

        assertThat(web.checks()).isEmpty();
    }

    @Test
    void aLoadTestAnnouncesCopies() {
        assertThat(announced(
                        "instance_id: i-7\nservices: {web: {host: h, port: 1, " + ZK + ", load_test_concurrency: 3}}"))
                .extracting(AnnounceConfig::name)
                .containsExactly("web_0", "web_1", "web_2");
    }

    @Test
    void theCommandLineNamesTheInstance() {
        Path file = file("nerve.yaml", "services: {web: {host: h, port: 1, " + ZK + "}}");

        LoadedConfig loaded = new ConfigReader("i-9").read(List.of(file));

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().announce().announcements())
                .extracting(web -> web.endpoint().name())
                .containsExactly("i-9");
    }

    @Test
    void aFileOfNervesStandsBesideOneOfSynapses() {
        LoadedConfig loaded = files.load(
                "services: {web: {servers: ['127.0.0.1:1'], port: 0}}",
                "instance_id: i-7\nservices: {web: {host: h, port: 1, " + ZK + "}}\nadmin: {address: '127.0.0.1:9'}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("web");
        assertThat(loaded.config().announce().announcements())
                .extracting(AnnounceConfig::name)
                .containsExactly("web");
        assertThat(loaded.config().admin().port()).isEqualTo(9);
    }

    @Test
    void aFileWithoutServicesIsFine() {
        assertThat(files.problems("instance_id: i-7\nservices: {}")).isEmpty();
    }

    @Test
    void everyFileOfADirectoryIsAService() throws IOException {
        Path services = Files.createDirectory(directory.resolve("services"));
        Files.writeString(
                services.resolve("web.json"),
                "{\"host\": \"h\", \"port\": 2, \"zk_hosts\": [\"zk:1\"],\n\t\"zk_path\": \"/web\"}");
        Files.writeString(services.resolve("mail.yaml"), "{host: h, port: 3, " + ZK + "}");
        Files.writeString(services.resolve("broken.yaml"), "host: [");
        Files.writeString(services.resolve("notes.txt"), "host: [");

        LoadedConfig loaded = files.load("instance_id: i-7\nheartbeat_path: /tmp/beat\nservice_conf_dir: " + services
                + "\nservices: {web: {host: h, port: 1, " + ZK + "}}");

        AnnounceSettings announce = loaded.config().announce();
        assertThat(announce.announcements())
                .extracting(one -> one.name() + " " + one.endpoint().port())
                .containsExactlyInAnyOrder("web 2", "mail 3");
        assertThat(announce.broken()).containsExactly("broken");
        assertThat(announce.heartbeat()).isEqualTo(Path.of("/tmp/beat"));
        assertThat(loaded.unusable()).isFalse();
        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.problems().get(0).file()).endsWith("broken.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port: 1, ZK | has no host (expected: the address at which other hosts reach this one)",
                "host: h, ZK | has no port (expected: 1..65535)",
                "host: h, port: 1, zk_path: /web | no zk_hosts (expected: host:port)",
                "host: h, port: 1, zk_hosts: ['zk:1'] | has no zk_path (expected: an absolute znode path)",
                "host: h, port: 1, ZK, weight: -1 | -1 (expected: 0..2147483647)",
                "host: h, port: 1, ZK, check_interval: 0 | 0 (expected: a number of seconds, such as 0.1 or 2)",
                "host: h, port: 1, ZK, check_interval: 2s | 2s (expected: a number of seconds, such as 0.1 or 2)",
                "host: h, port: 1, ZK, node_type: lasting | lasting (expected: ephemeral_sequential, ephemeral, persistent_sequential or persistent)",
                "host: h, port: 1, ZK, checks: [{uri: /}] | has no type (expected: http, noop,",
                "host: h, port: 1, ZK, checks: [{type: ftp}] | ftp (expected: http, noop,",
                "host: h, port: 1, ZK, checks: [{type: http}] | has no uri (expected: a path that begins with /)",
                "host: h, port: 1, ZK, rate_limiting: {average_rate: fast} | fast (expected: a number above 0)",
                "host: h, port: 1, ZK, rate_limiting: {max_burst: 0.5} | 0.5 (expected: at least 1.0)",
                "host: h, port: 1, ZK, reporter_type: consul | consul (expected:",
                "host: h, port: 1, ZK, labels: {a: [1]} | a is a list (expected: a text)"
            })
    void aMistakeHarmsOnlyItsOwnService(String keys, String expected) {
        LoadedConfig loaded = files.load("instance_id: i-7\nservices:\n  well: {host: h, port: 1, " + ZK + "}\n  web: {"
                + keys.replace("ZK", ZK) + "}");

        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.problems().get(0).toString()).contains(":4:").contains(expected);
        assertThat(loaded.unusable()).isFalse();
        assertThat(loaded.config().announce().broken()).containsExactly("web");
        assertThat(loaded.config().announce().announcements())
                .extracting(AnnounceConfig::name)
                .containsExactly("well");
    }

    @Test
    void warnsOfWhatHasNoMeaning() {
        assertThat(files.problems("instance_id: i-7\nservices:\n  web: {host: h, port: 1, " + ZK
                        + ", chekcs: []}\nstatsd: {host: s}"))
                .containsExactly(
                        "0.yaml:3:65: warning: services.web.chekcs: has no meaning in a file of Nerve's, did you mean checks?");
    }

    @Test
    void aWeightThatNoProxyCanUseIsCut() {
        LoadedConfig loaded =
                files.load("instance_id: i-7\nservices: {web: {host: h, port: 1, weight: 1000, " + ZK + "}}");

        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.config().announce().announcements().get(0).endpoint().weight())
                .isEqualTo(256);
    }

    @Test
    void anInstanceNeedsAName() {
        assertThat(files.problems("services: {web: {host: h, port: 1, " + ZK + "}}"))
                .containsExactly(
                        "0.yaml:1:1: instance_id: is missing (expected: a name of this host without spaces and /, here or with --instance-id)");
    }

    private AnnounceConfig only(String text) {
        List<AnnounceConfig> announced = announced(text);
        assertThat(announced).hasSize(1);
        return announced.get(0);
    }

    private List<AnnounceConfig> announced(String text) {
        LoadedConfig loaded = files.load(text);
        assertThat(loaded.problems()).isEmpty();
        return loaded.config().announce().announcements();
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
