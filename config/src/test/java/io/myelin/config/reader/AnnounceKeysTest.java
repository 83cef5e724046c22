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
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.health.LocalCheck;
import io.myelin.health.Question;
import io.myelin.model.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class AnnounceKeysTest {
    private static final String TOP = "announce: {instance_id: i-7, host: 10.0.0.7}\n";
    private static final String DISCOVERY = "discovery: {method: zookeeper, hosts: ['zk:2181'], path: /web}";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aServiceIsAnnouncedWhereItIsFound() {
        AnnounceConfig web = only(
                TOP + "services: {web: {" + DISCOVERY + ", port: 0, announce: {port: 80, checks: [tcp, /health]}}}");

        HttpCheck request = new HttpCheck("GET", "/health", "HTTP/1.1", List.of(), Expectation.SUCCESS);
        assertThat(web)
                .isEqualTo(new AnnounceConfig(
                        "web",
                        Endpoint.of("i-7", "10.0.0.7", 80),
                        ZooKeeperReporterConfig.of(List.of("zk:2181"), "/web"),
                        List.of(
                                new LocalCheck(
                                        "tcp-10.0.0.7:80", new Question.Tcp(), "10.0.0.7", 80, SECOND, SECOND, 1, 1),
                                new LocalCheck(
                                        "http-10.0.0.7:80/health",
                                        new Question.Http(request),
                                        "10.0.0.7",
                                        80,
                                        SECOND,
                                        SECOND,
                                        1,
                                        1)),
                        Duration.ofMillis(500),
                        RateLimit.NONE,
                        10,
                        Duration.ofSeconds(2)));
    }

    @Test
    void whatItSaysItselfCountsMore() {
        AnnounceConfig web = only("""
                announce: {instance_id: i-7, host: 10.0.0.7, withdraw_wait: 9s, alarm_after: 3, heartbeat_path: /tmp/beat}
                services:
                  web:
                    announce:
                      {instance_id: i-8, host: 10.0.0.8, port: 80, hosts: "zk1:1,zk2:2", path: /other,
                       node_type: persistent, path_encoding: true, ttl: 1m, interval: 3s, withdraw_wait: 0s, alarm_after: 5,
                       rate_limit: {per_second: 0.5, burst: 4},
                       checks: [{http: {path: /x, expect_status: "204"}, tls: true, name: x, host: 127.0.0.1, port: 81,
                                 timeout: 2s, rise: 2, fall: 3}]}
                """);

        HttpCheck request = new HttpCheck(
                "GET", "/x", "HTTP/1.0", List.of(), new Expectation(Expectation.Kind.STATUS, false, "204"));
        assertThat(web)
                .isEqualTo(new AnnounceConfig(
                        "web",
                        Endpoint.of("i-8", "10.0.0.8", 80),
                        new ZooKeeperReporterConfig(
                                List.of("zk1:1", "zk2:2"), "/other", NodeType.PERSISTENT, true, Duration.ofMinutes(1)),
                        List.of(new LocalCheck(
                                "x",
                                new Question.Http(request, Duration.ofSeconds(2)),
                                "127.0.0.1",
                                81,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(2),
                                2,
                                3)),
                        Duration.ofSeconds(3),
                        new RateLimit(0.5, 4, false),
                        5,
                        Duration.ZERO));
    }

    @Test
    void aServiceThatIsOnlyAnnouncedNeedsNoMembers() {
        LoadedConfig loaded = files.load(TOP + "services: {web: {announce: {port: 80, hosts: 'zk:1', path: /web}}}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services()).isEmpty();
        assertThat(loaded.config().announce().announcements()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | announce: has no port (expected: 1..65535)",
                "{port: 80, chekcs: []} | announce.chekcs: unknown key, did you mean checks?",
                "{port: 80, checks: [ftp]} | announce.checks[0]: ftp (expected: tcp, a path such as /health, or a map)",
                "{port: 80, checks: [{}]} | announce.checks[0]: does not say what to check (expected: one of http, tcp",
                "{port: 80, checks: [{tcp: true, http: /}]} | announce.checks[0]: says more than one thing to check",
                "{port: 80, interval: 5} | announce.interval: 5 has no unit",
                "{port: 80, interval: 0s} | announce.interval: 0 (expected: more than 0)",
                "{port: 80, rate_limit: {per_second: 0}} | announce.rate_limit.per_second: 0 (expected: a number above 0)",
                "{port: 80, registry: consul} | announce.registry: consul (expected:",
                "{port: 80, instance_id: a/b} | announce.instance_id: a/b (expected: a text without spaces and /)",
                "[] | announce: is a list (expected: a map)"
            })
    void aMistakeHarmsTheAnnouncementAndNotTheService(String announce, String expected) {
        LoadedConfig loaded =
                files.load(TOP + "services: {web: {" + DISCOVERY + ", port: 0, announce: " + announce + "}}");

        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.problems().get(0).toString()).contains("services.web." + expected);
        assertThat(loaded.config().services()).extracting(ServiceConfig::name).containsExactly("web");
        AnnounceSettings settings = loaded.config().announce();
        assertThat(settings.announcements()).isEmpty();
        assertThat(settings.broken()).containsExactly("web");
    }

    @Test
    void anInstanceNeedsAnIdAnAddressAndARegistry() {
        assertThat(files.problems("services: {web: {announce: {port: 80}}}"))
                .satisfiesExactlyInAnyOrder(
                        id -> assertThat(id).contains("web.announce: has no instance_id"),
                        host -> assertThat(host).contains("web.announce: has no host"),
                        hosts -> assertThat(hosts).contains("web.announce: no hosts"),
                        path -> assertThat(path).contains("web.announce: has no path"));
    }

    @Test
    void whatNerveAnnouncesIsNotAnnouncedTwice() {
        LoadedConfig loaded = files.load(
                "instance_id: i-7\nservices: {web: {host: h, port: 1, zk_hosts: zk, zk_path: /web}}",
                TOP + "services: {web: {announce: {port: 80, hosts: 'zk:1', path: /web}}}");

        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.problems().get(0).toString()).contains("is announced by a file of Nerve's as well");
    }

    private AnnounceConfig only(String text) {
        LoadedConfig loaded = files.load(text);
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().announce().announcements()).hasSize(1);
        return loaded.config().announce().announcements().get(0);
    }
}
